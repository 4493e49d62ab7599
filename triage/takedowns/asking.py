"""Asking a provider to remove links: what it is told is sealed to the courier where the case can be read.

Nothing has left before the transaction that audits it is committed; then a worker makes a notice of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.ids import uuid7
from core.keys import ConsoleKeys
from core.models import Provider, Takedown
from core.receipts import derived
from core.sealing import DataKey, Row, Wrapping
from core.vocabulary import Act, Offence
from triage.cases.person import Person
from triage.cases.reading import find_case
from triage.cases.sealing import sealing_to
from triage.takedowns.letters import LinkTold, enclose_link
from triage.takedowns.links import Link
from triage.takedowns.providers import known_providers

WHY_LIMIT = 2_000


class NoSuchProvider(HotlineError):
    """There is no such provider, or it is written to no more."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What somebody decided: who is to remove what, and why; the same `id` again is the same, pressed twice."""

    id: UUID
    links: Sequence[Link] = field(repr=False)
    provider: UUID
    offence: Offence
    why: str = field(repr=False)


def find_provider(session: Session, person: Person, id: UUID) -> Provider:
    """Raises NoSuchProvider."""
    for one in known_providers(session, person.agency):
        if one.id == id:
            return one
    raise NoSuchProvider


def ask_removal(session: Session, keys: ConsoleKeys, person: Person, case_id: UUID, removal: Removal) -> None:
    """In the caller's one transaction. A link that some provider is being asked to remove is not asked for twice.

    Raises NoSuchCase, NoSuchProvider, KeysMissing.
    """
    case = find_case(session, person.agency, case_id, lock=True)
    find_provider(session, person, removal.provider)
    with sealing_to(session, person.agency) as sealing:
        rows = [_row(keys, person, case.id, removal, link, sealing) for link in removal.links]
    if not rows:
        return
    adding = insert(Takedown).values(rows).on_conflict_do_nothing()
    if session.execute(adding.returning(Takedown.id)).all():
        audit.record(session, person.agency, person.id, Act.TAKEDOWN_ASKED, case.id)


def _row(
    keys: ConsoleKeys, person: Person, case: UUID, removal: Removal, link: Link, sealing: tuple[DataKey, Wrapping]
) -> dict[str, object]:
    (key, wrapping), id = sealing, _id_of(removal.id, link)
    row = Row("takedowns", id)
    return {
        "id": id,
        "case_id": case,
        "agency_id": person.agency,
        "provider_id": removal.provider,
        "staff_id": person.id,
        "offence": removal.offence,
        "mark": link.mark,
        "link": key.seal(row, "link", link.url),
        "why": key.seal(row, "why", removal.why),
        "wrapped_key": wrapping.wrap(row, key),
        "letter": enclose_link(keys.courier, id, LinkTold(link.url, removal.why)),
    }


def _id_of(removal: UUID, link: Link) -> UUID:
    """Of this link in what was decided, always the same."""
    return uuid7(removal.int >> 80, derived(removal.bytes, b"takedown", link.mark))
