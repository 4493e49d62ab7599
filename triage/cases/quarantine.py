"""Quarantine: reports that failed too often to be tried again by themselves. The home agency looks after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.models import Report
from core.vocabulary import Act
from triage.cases.person import Person

MOST = 100
IS_QUARANTINED = text("reports.state = 'quarantined'")  # as the index says it
# Row-level security shows the console quarantined reports only, so no UPDATE with a WHERE of its own
# may make one `received`: its new row would be read and must not be. One under a cursor reads nothing.
POINT_AT = text("""
    DECLARE pointer CURSOR FOR SELECT id FROM reports WHERE id = :report AND state = 'quarantined' FOR UPDATE
""")
RELEASE = text("""
    UPDATE reports SET state = 'received', attempts = 0, next_try_at = now() WHERE CURRENT OF pointer
""")


class NotQuarantined(HotlineError):
    """This report is not in quarantine, or not any more."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What may be known of a report that nobody has opened."""

    id: UUID
    received_at: datetime
    country: str | None
    attempts: int
    trouble: str | None


def count_quarantined(session: Session, person: Person) -> int:
    """How many wait for a person; 0 for every agency but the home one."""
    if not person.at_home:
        return 0
    return session.scalar(select(func.count()).select_from(Report).where(IS_QUARANTINED)) or 0


def list_quarantined(session: Session, person: Person) -> Sequence[Quarantined]:
    """The first of them, oldest first."""
    if not person.at_home:
        return []
    columns = (Report.id, Report.received_at, Report.country, Report.attempts, Report.trouble)
    oldest = select(*columns).where(IS_QUARANTINED).order_by(Report.id).limit(MOST)
    return [Quarantined(*row) for row in session.execute(oldest)]


def release(session: Session, person: Person, report: UUID) -> None:
    """Let triage try it again, as if for the first time. Raises NotQuarantined."""
    if not person.at_home:
        raise NotQuarantined
    session.execute(POINT_AT, {"report": report})
    if session.execute(text("FETCH pointer")).first() is None:
        raise NotQuarantined
    session.execute(RELEASE)
    audit.record(session, person.agency, person.id, Act.QUARANTINE_RELEASED, report)
