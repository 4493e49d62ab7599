"""Agencies that receive, cases to refer, and what is stored of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import pyrage
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from core.db import transaction
from core.ids import uuid7
from core.keys import ConsoleKeys
from core.models import Agency, Delivery
from core.settings import Settings
from ops.agencies import import_agencies
from ops.receiving import set_way
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_submission
from tests.triage.analyst import cases_of, person_of
from triage.referrals.letters import Referred
from triage.referrals.making import Wanted, refer

WORDS = "An adult asked me to keep a secret and to meet."
LINK = "https://chat.example/room/17"


@dataclass(frozen=True)
class Desk:
    """The recipient's side: its agency here, and the private key it opens referrals with."""

    agency: UUID
    identity: pyrage.x25519.Identity

    def open(self, sealed: bytes) -> Referred:
        return msgspec.json.decode(pyrage.decrypt(sealed, [self.identity]), type=Referred)


def an_agency_that_receives(
    settings: Settings, owner: Engine, by: str, secret: str = "", code: str = "example-fr", **given: str
) -> Desk:
    """As `hotline agency import` and `agency route` make one; those that need a key get one."""
    identity = pyrage.x25519.Identity.generate()
    if by in ("email", "webhook"):
        given.setdefault("key", str(identity.to_public()))
    row = {"code": code, "name": "Example Agency", "kind": "police", "country": "FR", "source": "a test"}
    with Session(owner) as session, session.begin():
        import_agencies(session, [row])
        agency = set_way(session, ConsoleKeys.read(settings.keys_dir), code, by, given, secret).id
    return Desk(agency, identity)


def a_case_referred(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    to: UUID,
    **told: Any,
) -> UUID:
    """Ana refers the only case; the referral's id."""
    a_filed_report(settings, triage_engine, a_submission(WORDS, **{"link": LINK, "contact": "pat@mail.example"} | told))
    return refer_case(settings, owner, console_engine, ana, to)


def refer_case(settings: Settings, owner: Engine, console_engine: Engine, ana: NewStaff, to: UUID) -> UUID:
    person, wanted = person_of(owner, ana), Wanted(uuid7(), to, "It is theirs.", "Please look soon.")
    with transaction(console_engine, person.agency) as session:
        refer(session, ConsoleKeys.read(settings.keys_dir), person, cases_of(owner)[-1].id, wanted)
    return wanted.id


def delivery(owner: Engine, id: UUID) -> Delivery:
    with transaction(owner) as session:
        return session.scalars(select(Delivery).where(Delivery.id == id)).one()


def let_time_pass(owner: Engine) -> None:
    """Until everything that failed may be tried again."""
    with owner.begin() as connection:
        connection.execute(text("UPDATE deliveries SET next_try_at = now()"))
        connection.execute(text("UPDATE circuits SET broken_until = now()"))


def agency_named(owner: Engine, code: str) -> Agency:
    with transaction(owner) as session:
        return session.scalars(select(Agency).where(Agency.code == code)).one()
