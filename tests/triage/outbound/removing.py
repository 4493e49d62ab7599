"""Providers, cases with links, and asking for their removal without the console's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pyrage
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from core.db import transaction
from core.details import Details
from core.ids import uuid7
from core.keys import ConsoleKeys
from core.models import Delivery, Takedown
from core.settings import Settings
from core.vocabulary import DeliveryKind, Offence
from ops.providers import add
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_submission
from tests.triage.analyst import cases_of, person_of
from triage.cases.reading import read_case
from triage.takedowns.asking import Removal, ask_removal
from triage.takedowns.case_links import case_links

WORDS = "An adult asked me to keep a secret."
WHY = "The page offers pictures of a child, in breach of the law."
ROOM, OTHER_ROOM = "https://www.pages.example/room/17?b=2&a=1", "http://pages.example/room/18"


@dataclass(frozen=True)
class Host:
    """A provider, and the private key it opens notices with."""

    id: UUID
    identity: pyrage.x25519.Identity


def a_provider(owner: Engine, by: str = "plain", name: str = "Example Hosting", **given: str) -> Host:
    """As `hotline provider add` makes one; those that need a key get one."""
    identity = pyrage.x25519.Identity.generate()
    if by == "webhook" or by == "email":
        given.setdefault("key", str(identity.to_public()))
    if by != "webhook":
        given.setdefault("to", "abuse@host.example")
    with Session(owner) as session, session.begin():
        return Host(add(session, name, by, given, ["pages.example"]).id, identity)


def a_case_with_links(
    settings: Settings, owner: Engine, triage_engine: Engine, links: Sequence[str] = (ROOM, OTHER_ROOM), **told: object
) -> UUID:
    """The newest case of the home agency."""
    first, *others = links
    given = {"what": WORDS, "contact": "pat@mail.example", "details": Details(urls=tuple(others))} | told
    a_filed_report(settings, triage_engine, a_submission(link=first, **given))  # type: ignore[arg-type]  # by name
    return max(cases_of(owner), key=lambda case: case.opened_at).id


def remove(
    settings: Settings, owner: Engine, console_engine: Engine, ana: NewStaff, case: UUID, provider: UUID
) -> list[UUID]:
    """Ana asks for the removal of every link of the case that is free."""
    person, keys = person_of(owner, ana), ConsoleKeys.read(settings.keys_dir)
    opened = read_case(console_engine, keys, person, case)
    with transaction(console_engine, person.agency) as session:
        links = case_links(session, keys, person, opened).free
        ask_removal(session, keys, person, case, Removal(uuid7(), links, provider, Offence.MATERIAL, WHY))
    return [one.id for one in takedowns(owner) if one.case_id == case]


def takedowns(owner: Engine) -> list[Takedown]:
    with transaction(owner) as session:
        return list(session.scalars(select(Takedown).order_by(Takedown.asked_at, Takedown.id)))


def notices(owner: Engine) -> list[Delivery]:
    """In the order they were made."""
    with transaction(owner) as session:
        made = select(Delivery).where(Delivery.kind == DeliveryKind.TAKEDOWN)
        return list(session.scalars(made.order_by(Delivery.made_at, Delivery.id)))


def let_arrive(owner: Engine) -> None:
    """As when their servers had taken every notice."""
    with owner.begin() as connection:
        arrived = "state = 'delivered', delivered_at = now(), letter = NULL"
        connection.execute(text(f"UPDATE deliveries SET {arrived} WHERE state <> 'delivered'"))  # noqa: S608


def hours_pass(owner: Engine, hours: int) -> None:
    """For everything that has to do with takedowns."""
    by = {"hours": hours}
    with owner.begin() as connection:
        for table, columns in (("deliveries", ("made_at", "delivered_at")), ("takedowns", ("asked_at", "check_at"))):
            earlier = ", ".join(f"{column} = {column} - make_interval(hours => :hours)" for column in columns)
            connection.execute(text(f"UPDATE {table} SET {earlier}"), by)  # noqa: S608
