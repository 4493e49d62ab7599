"""What waits in the letterbox, and taking some of it in hand.

Taking counts the attempt and commits *before* the work, so a report that kills its worker is
counted too. A fresh report is taken with others; one that was tried before is taken alone, so that
it cannot take its neighbours down again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, Select, func, or_, select, update

from core.db import transaction
from core.models import Report
from core.vocabulary import Danger, ReportState

ATTEMPTS = 5

_waits = Report.state == ReportState.RECEIVED
_fresh = _waits & (Report.attempts == 0)
_due = _waits & (Report.attempts > 0) & (Report.next_try_at <= func.now())


@dataclass(frozen=True, slots=True)
class Taken:
    """A report in hand. `attempts` is the fence: who took it later has a higher one."""

    id: UUID
    received_at: datetime
    language: str
    country: str | None
    danger: Danger
    wrapped_key: bytes
    receipt_hash: bytes
    attempts: int


def take_fresh(engine: Engine, most: int, lease: timedelta) -> Sequence[Taken]:
    """Up to `most` reports never tried, danger first, then oldest; nobody else takes them for `lease`."""
    fresh = select(Report.id).where(_fresh).order_by(Report.danger != Danger.YES, Report.received_at)
    return _take(engine, fresh, most, lease)


def take_tried(engine: Engine, lease: timedelta) -> Sequence[Taken]:
    """One report whose last attempt failed or died, if one is due and has attempts left."""
    due = select(Report.id).where(_due, Report.attempts < ATTEMPTS).order_by(Report.next_try_at)
    return _take(engine, due, 1, lease)


def give_back(engine: Engine, taken: Taken, trouble: str) -> None:
    """After a failure: to be tried again in 2, 4, 8, 16 seconds, then set aside for a person."""
    spent = taken.attempts >= ATTEMPTS
    with transaction(engine) as session:
        session.execute(
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
    with transaction(engine) as session:
        session.execute(
            update(Report)
            .where(_due, Report.attempts >= ATTEMPTS)
            .values(state=ReportState.QUARANTINED, trouble=func.coalesce(Report.trouble, "WorkerDied"))
        )


def anything_waits(engine: Engine) -> bool:
    with transaction(engine) as session:
        return session.scalar(select(select(Report.id).where(or_(_fresh, _due)).exists())) or False


def _take(engine: Engine, ids: Select[UUID], most: int, lease: timedelta) -> Sequence[Taken]:
    chosen = ids.limit(most).with_for_update(skip_locked=True).cte("chosen")
    taking = (
        update(Report)
        .where(Report.id == chosen.c.id)
        .values(attempts=Report.attempts + 1, next_try_at=func.now() + lease)
        .returning(
            Report.id,
            Report.received_at,
            Report.language,
            Report.country,
            Report.danger,
            Report.wrapped_key,
            Report.receipt_hash,
            Report.attempts,
        )
        .execution_options(synchronize_session=False)
    )
    with transaction(engine) as session:
        return [Taken(**row) for row in session.execute(taking).mappings()]
