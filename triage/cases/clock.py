"""Stopping a case's deadline while it waits for somebody outside, and letting it run again."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import audit
from core.models import Agency, Case
from core.vocabulary import Act, CaseState
from triage.cases.person import Person
from triage.cases.reading import find_case
from triage.deadlines import Calendar, Clock, calendar


def agencys_calendar(session: Session, agency: UUID) -> Calendar:
    return calendar(session.get_one(Agency, agency).hours)


def stop_clock(session: Session, person: Person, case_id: UUID) -> None:
    """A deadline that has passed is not stopped any more. In the caller's transaction. Raises NoSuchCase."""
    case, now = find_case(session, person.agency, case_id, lock=True), datetime.now(UTC)
    if case.state is CaseState.OPEN and _clock(session, case, now) is Clock.RUNNING:
        _set(session, case, stopped_at=now)
        audit.record(session, person.agency, person.id, Act.CLOCK_STOPPED, case.id)


def start_clock(session: Session, person: Person, case_id: UUID) -> None:
    """What passed while it stood still does not count. Raises NoSuchCase."""
    case, now = find_case(session, person.agency, case_id, lock=True), datetime.now(UTC)
    if case.stopped_at is not None:
        again = agencys_calendar(session, case.agency_id).started_again(case, now)
        _set(session, case, stopped_at=None, clock_from=again)
        audit.record(session, person.agency, person.id, Act.CLOCK_STARTED, case.id)


def _clock(session: Session, case: Case, now: datetime) -> Clock:
    return agencys_calendar(session, case.agency_id).due(case, now).clock


def _set(session: Session, case: Case, **moments: datetime | None) -> None:
    session.execute(update(Case).where(Case.id == case.id, Case.agency_id == case.agency_id).values(**moments))
