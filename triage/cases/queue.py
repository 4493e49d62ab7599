"""The queue: an agency's open cases, or those of one of its queues, most urgent and then oldest first, page by page.

A page starts after a place in that order, not at a number: cases that come or go meanwhile make
nobody skip one or see one twice.
"""

import base64
import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, text, tuple_
from sqlalchemy.orm import Session

from core.models import Case

PAGE = 30
COUNTED = 1_000
MOST_QUEUES = 40
IS_OPEN = text("cases.state = 'open'")  # as the index says it: a parameter would keep the planner from it
QUEUES = text("""
    WITH RECURSIVE named AS (
        (
            SELECT queue FROM cases WHERE agency_id = :agency AND state = 'open' AND queue IS NOT NULL
            ORDER BY queue LIMIT 1
        )
        UNION ALL
        SELECT next.queue FROM named CROSS JOIN LATERAL (
            SELECT queue FROM cases WHERE agency_id = :agency AND state = 'open' AND cases.queue > named.queue
            ORDER BY queue LIMIT 1
        ) AS next
    ) SELECT queue FROM named LIMIT :most
""")
"""From each name to the next along the index: what it costs is the names', not the cases'."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PACKED = ">Bq16s"


@dataclass(frozen=True, slots=True)
class Place:
    """One case's place in the order."""

    priority: int
    received_at: datetime
    case: UUID

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls(case.priority, case.received_at, case.id)

    @classmethod
    def from_token(cls, token: str) -> Self | None:
        """The place a page link names; None when it names none."""
        try:
            priority, at, case = struct.unpack(_PACKED, base64.urlsafe_b64decode(token + "=="))
            return cls(priority, _EPOCH + at * _MICROSECOND, UUID(bytes=case))
        except (ValueError, binascii.Error, struct.error, OverflowError):
            return None

    def to_token(self) -> str:
        at = (self.received_at - _EPOCH) // _MICROSECOND
        return base64.urlsafe_b64encode(struct.pack(_PACKED, self.priority, at, self.case.bytes)).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some cases, and after which place the next page starts; None on the last."""

    cases: Sequence[Case]
    next: Place | None


def read_queue(
    session: Session, agency: UUID, after: Place | None = None, most: int = PAGE, queue: str | None = None
) -> QueuePage:
    """Up to `most` open cases of this agency, or of one of its queues, after a place or from the start."""
    cases = session.scalars(waiting(agency, after, most + 1, queue)).all()
    return QueuePage(cases[:most], Place.of(cases[most - 1]) if len(cases) > most else None)


def waiting(agency: UUID, after: Place | None, most: int, queue: str | None = None) -> Select[Case]:
    """The query: one walk along the index, from the place on."""
    order = (Case.priority, Case.received_at, Case.id)
    query = select(Case).where(_of(agency, queue)).order_by(*order).limit(most)
    if after is None:
        return query
    place = zip(order, (after.priority, after.received_at, after.case), strict=True)
    return query.where(tuple_(*order) > tuple_(*(literal(value, column.type) for column, value in place)))


def count_open(session: Session, agency: UUID, most: int = COUNTED, queue: str | None = None) -> int:
    """How many wait; counting stops one past `most`."""
    some = select(Case.id).where(_of(agency, queue)).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def list_queues(session: Session, agency: UUID) -> Sequence[str]:
    """The names of those in which something waits."""
    return session.scalars(QUEUES, {"agency": agency, "most": MOST_QUEUES}).all()


def _of(agency: UUID, queue: str | None) -> ColumnElement[bool]:
    of_agency = and_(Case.agency_id == agency, IS_OPEN)
    return of_agency if queue is None else and_(of_agency, Case.queue == queue)
