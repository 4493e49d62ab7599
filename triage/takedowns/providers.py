"""Providers' abuse contacts: known to every agency or to one, kept by hand. Nobody looks them up anywhere."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit
from core.errors import WrongWay
from core.ids import uuid7
from core.models import Provider
from core.vocabulary import Act, By
from triage.cases.person import Person
from triage.referrals.ways import Email, Plain, providers_way_of

LONGEST_NAME = 200


def known_providers(session: Session, agency: UUID) -> Sequence[Provider]:
    """Those that this agency may write to, by name."""
    theirs = or_(Provider.agency_id.is_(None), Provider.agency_id == agency)
    known = select(Provider).where(theirs, Provider.retired_at.is_(None))
    return session.scalars(known.order_by(Provider.name, Provider.id)).all()


def suggested(providers: Iterable[Provider], host: str) -> Provider | None:
    """Whose site the host is or belongs to, by the longest name."""
    matches = [(len(site), one) for one in providers for site in one.sites if f".{host}".endswith(f".{site}")]
    return max(matches, key=lambda match: match[0], default=(0, None))[1]


def by_of_provider(provider: Provider) -> By:
    """How it receives. What a later version stored is not understood: the courier says so, and it stands in red."""
    try:
        return providers_way_of(provider.way).by
    except WrongWay:
        return By.PLAIN


def contact_of(address: str, key: str) -> Email | Plain:
    """What staff typed. Raises WrongWay."""
    way = Email(address, key) if key else Plain(address)
    way.check()
    return way


def check_name(name: str) -> str:
    """With single spaces. Raises WrongWay."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise WrongWay("A name has 1 to 200 characters.")
    return name


def add_contact(session: Session, person: Person, name: str, way: Email | Plain) -> Provider:
    """For this person's agency; a contact that is known already is that one, whatever it is called. Raises WrongWay."""
    name = check_name(name)
    if known := _known(session, person.agency, way):
        return known
    id, stored = uuid7(), msgspec.to_builtins(way)
    adding = insert(Provider).values(id=id, agency_id=person.agency, name=name, way=stored).on_conflict_do_nothing()
    if session.execute(adding.returning(Provider.id)).first():
        audit.record(session, person.agency, person.id, Act.PROVIDER_ADDED, id)
    added = _known(session, person.agency, way)
    assert added, "it was added, or was there"
    return added


def _known(session: Session, agency: UUID, way: Email | Plain) -> Provider | None:
    """The one with this address; of several the one with this key, then any with a key."""
    known = known_providers(session, agency)
    found = [one for one in known if str(one.way.get("to", "")).lower() == way.to.lower()]
    stored = msgspec.to_builtins(way)
    return max(found, key=lambda one: (one.way == stored, "key" in one.way), default=None)
