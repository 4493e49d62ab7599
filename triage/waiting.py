"""What waits in the letterbox, and taking some of it in hand.

Taking counts the attempt and commits *before* the work, so a report that kills its worker is
counted too. A fresh report is taken with others; one that was tried before is taken alone, so that
it cannot take its neighbours down again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import Engine, Interval, Select, bindparam, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from core.db import one_statement
from core.models import Report
from core.vocabulary import Channel, Danger, ReportState

ATTEMPTS = 5

_waits = Report.state == ReportState.RECEIVED
_fresh = _waits & (Report.attempts == 0)
_due = _waits & (Report.attempts > 0) & (Report.next_try_at <= func.now())


class Taken(Struct, frozen=True):
    """A report in hand. `attempts` is the fence: who took it later has a higher one."""

    id: UUID
    received_at: datetime
    channel: Channel
    language: str
    country: str | None
    danger: Danger
    partial: bool
    crowded: bool
    wrapped_key: bytes
    what: bytes
    link: bytes
    contact: bytes
    details: bytes | None
    receipt_hash: bytes
    partner_id: UUID | None
    attempts: int


def _taking(ids: Select[UUID]) -> ReturningUpdate[Any]:
    """Count the attempt of at most :most of these and hand them out, to be taken again after :lease.

    Made once for each use: making it costs more than running it.
    """
    chosen = ids.limit(bindparam("most")).with_for_update(skip_locked=True).cte("chosen")
    return (
        update(Report)
        .where(Report.id == chosen.c.id)
        .values(attempts=Report.attempts + 1, next_try_at=func.now() + bindparam("lease", type_=Interval))
        .returning(*(getattr(Report, field.name) for field in fields(Taken)))
    )


TAKE_FRESH = _taking(select(Report.id).where(_fresh).order_by(Report.danger != Danger.YES, Report.received_at))
TAKE_TRIED = _taking(
    select(Report.id).where(_due, Report.attempts < bindparam("attempts")).order_by(Report.next_try_at)
)


def take_fresh(engine: Engine, most: int, lease: timedelta) -> Sequence[Taken]:
    """Up to `most` reports never tried, danger first, then oldest; nobody else takes them for `lease`."""
    return _take(engine, TAKE_FRESH, most=most, lease=lease)


def take_tried(engine: Engine, lease: timedelta) -> Sequence[Taken]:
    """One report whose last attempt failed or died, if one is due and has attempts left."""
    return _take(engine, TAKE_TRIED, most=1, lease=lease, attempts=ATTEMPTS)


def give_back(engine: Engine, taken: Taken, trouble: str) -> None:
    """After a failure: to be tried again in 2, 4, 8, 16 seconds, then set aside for a person."""
    spent = taken.attempts >= ATTEMPTS
    with one_statement(engine) as connection:
        connection.execute(
            update(Report)
            .where(Report.id == taken.id, _waits, Report.attempts == taken.attempts)
            .values(
                next_try_at=func.now() + timedelta(seconds=2**taken.attempts),
                state=ReportState.QUARANTINED if spent else ReportState.RECEIVED,
                trouble=trouble,
            )
        )


def quarantine_spent(engine: Engine) -> None:
    """Set aside what has used up its attempts by ending its worker each time."""
    with one_statement(engine) as connection:
        connection.execute(
            update(Report)
            .where(_due, Report.attempts >= ATTEMPTS)
            .values(state=ReportState.QUARANTINED, trouble=func.coalesce(Report.trouble, "WorkerDied"))
        )


def anything_waits(engine: Engine) -> bool:
    with one_statement(engine) as connection:
        return connection.scalar(select(select(Report.id).where(or_(_fresh, _due)).exists())) or False


def _take(engine: Engine, taking: ReturningUpdate[Any], **limits: object) -> Sequence[Taken]:
    with one_statement(engine) as connection:
        return [_taken(row) for row in connection.execute(taking, limits)]


def _taken(row: Sequence[Any]) -> Taken:
    """Its columns are the fields, in their order."""
    return Taken(*row)
