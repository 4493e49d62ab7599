"""Takedowns as staff see them: those of a case with every notice, and those that somebody must look at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy import Row as Found
from sqlalchemy.orm import Session, defer

from core.models import Case, Delivery, Provider, Staff, Takedown, TakedownNotice
from core.sealing import KeyRing, Row
from core.vocabulary import By, DeliveryState, Offence, TakedownState, Trouble
from triage.cases.opening import opened
from triage.cases.person import Person
from triage.takedowns.marking import RUNNING
from triage.takedowns.providers import by_of_provider

MOST = 200
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """One notice of a link, and how far it came."""

    made_at: datetime
    state: DeliveryState
    delivered_at: datetime | None
    trouble: Trouble | None
    receipt: str | None


@dataclass(frozen=True, slots=True)
class OpenedTakedown:
    """A link that a provider was asked to remove; `link` and `why` are None when they do not open.

    `case` is the one it was asked for.
    """

    id: UUID
    case: UUID
    reference: str
    mark: bytes
    provider: str
    by: By
    staff: str
    asked_at: datetime
    offence: Offence
    state: TakedownState
    wanted: bool
    check_at: datetime | None
    unknown_at: datetime | None
    changed_at: datetime | None
    link: str | None = field(repr=False)
    why: str | None = field(repr=False)
    notices: Sequence[NoticeSent] = ()

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many links of one case one provider is asked to remove, and since when somebody should look."""

    case: UUID
    reference: str
    provider: str
    links: int
    notices: int
    check_at: datetime | None


LOOK = text("""
    SELECT takedowns.case_id AS case, cases.reference, providers.name AS provider, count(*) AS links,
        max(notices) AS notices, min(check_at) AS check_at
    FROM takedowns JOIN cases ON cases.id = takedowns.case_id JOIN providers ON providers.id = takedowns.provider_id
    WHERE takedowns.agency_id = :agency AND takedowns.state IN ('open', 'answered')
    GROUP BY takedowns.case_id, cases.reference, providers.id, providers.name
    ORDER BY min(check_at) NULLS LAST, takedowns.case_id LIMIT :most
""")
COUNT = text("""
    SELECT count(*) FROM (
        SELECT FROM takedowns WHERE agency_id = :agency AND state IN ('open', 'answered') AND check_at <= now()
        LIMIT :most
    ) AS due
""")


def takedowns_of(
    session: Session, ring: KeyRing, person: Person, case_id: UUID, marks: Sequence[bytes]
) -> Sequence[OpenedTakedown]:
    """Those asked for this case, and those of these links, whichever case they were asked for; oldest first."""
    wanted: tuple[ColumnElement[bool], ...] = (Takedown.case_id == case_id, Takedown.mark.in_(marks))
    rows = session.execute(
        select(Takedown, Provider, Staff.name, Case.reference)
        .options(defer(Takedown.letter))  # the console may not read it back
        .join(Provider, Provider.id == Takedown.provider_id)
        .join(Staff, Staff.id == Takedown.staff_id)
        .join(Case, Case.id == Takedown.case_id)
        .where(Takedown.agency_id == person.agency, or_(*wanted))
        .order_by(Takedown.asked_at, Takedown.id)
        .limit(MOST)
    ).all()
    notices = _notices(session, [row[0].id for row in rows])
    return [_opened(ring, row, notices.get(row[0].id, [])) for row in rows]


def waiting(session: Session, person: Person) -> Sequence[Waiting]:
    """Every case with links that are still asked for; what somebody should look at first comes first."""
    rows = session.execute(LOOK, {"agency": person.agency, "most": MOST}).mappings()
    return [Waiting(**row) for row in rows]


def count_to_check(session: Session, person: Person) -> int:
    """Counting stops at a thousand."""
    return int(session.scalar(COUNT, {"agency": person.agency, "most": COUNTED}) or 0)


def _notices(session: Session, takedowns: Sequence[UUID]) -> dict[UUID, list[NoticeSent]]:
    columns = (Delivery.made_at, Delivery.state, Delivery.delivered_at, Delivery.trouble, Delivery.receipt)
    rows = session.execute(
        select(TakedownNotice.takedown_id, *columns)
        .join(Delivery, Delivery.id == TakedownNotice.delivery_id)
        .where(TakedownNotice.takedown_id.in_(takedowns))
        .order_by(Delivery.made_at, Delivery.id)
    ).mappings()
    found: dict[UUID, list[NoticeSent]] = {}
    for row in rows:
        facts = {column.key: row[column] for column in columns}
        found.setdefault(row["takedown_id"], []).append(NoticeSent(**facts))
    return found


def _opened(ring: KeyRing, row: Found[Takedown, Provider, str, str], notices: Sequence[NoticeSent]) -> OpenedTakedown:
    found, provider, staff, reference = row
    sealed = {"link": found.link, "why": found.why}
    words = opened(ring, Row("takedowns", found.id), found.wrapped_key, sealed) or {}
    return OpenedTakedown(
        id=found.id,
        case=found.case_id,
        reference=reference,
        mark=found.mark,
        provider=provider.name,
        by=by_of_provider(provider),
        staff=staff,
        asked_at=found.asked_at,
        offence=found.offence,
        state=found.state,
        wanted=found.wanted,
        check_at=found.check_at,
        unknown_at=found.unknown_at,
        changed_at=found.changed_at,
        link=words.get("link"),
        why=words.get("why"),
        notices=notices,
    )
