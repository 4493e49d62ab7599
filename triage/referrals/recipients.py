"""Whom a case can be referred to, and whom staff can only tell people about."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import WrongWay
from core.models import Agency
from core.vocabulary import By
from triage.cases.person import Person
from triage.referrals.making import by_of
from triage.referrals.ways import Signpost, way_of

LISTED = Agency.removed_at.is_(None)
"""In the directory: what was removed from it keeps its row, for what was sent there."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency that takes referrals from here."""

    id: UUID
    name: str
    country: str | None
    by: By


@dataclass(frozen=True, slots=True)
class Signposted:
    """An agency that people have to go to themselves."""

    name: str
    tell: str
    phone: str
    site: str


def recipients(session: Session, person: Person, country: str | None) -> Sequence[Recipient]:
    """Those of the case's country first."""
    known = or_(Agency.way.is_not(None), Agency.public_key.is_not(None))
    found = session.scalars(select(Agency).where(known, Agency.id != person.agency, LISTED))
    ready = [Recipient(one.id, one.name, one.country, by) for one in found if (by := _by(one)) is not By.SIGNPOST]
    return sorted(ready, key=lambda one: (one.country != country or country is None, one.name))


def signposts(session: Session, country: str | None) -> Sequence[Signposted]:
    """The country's agencies that receive nothing from here."""
    there = select(Agency).where(Agency.country == country, LISTED).order_by(Agency.name)
    found = session.scalars(there) if country else ()
    return [_signposted(one) for one in found if _by(one) is By.SIGNPOST]


def _by(agency: Agency) -> By:
    try:
        return by_of(agency)
    except WrongWay:  # of a later version: what is not understood is not used
        return By.SIGNPOST


def _signposted(agency: Agency) -> Signposted:
    try:
        way = way_of(agency.way)
    except WrongWay:
        way = Signpost()
    facts = {name: str(agency.facts.get(name) or "") for name in ("phone", "report_url", "website")}
    tell = way.tell if isinstance(way, Signpost) else ""
    return Signposted(agency.name, tell, facts["phone"], facts["report_url"] or facts["website"])
