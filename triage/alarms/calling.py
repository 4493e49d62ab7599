"""Which cases call somebody, as staff see it; those of an agency that has nobody on call are the hotline's too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.models import Agency, Alarm, Case
from core.vocabulary import Act, AlarmKind
from triage.alarms.taking import take
from triage.cases.person import Person

MOST = 100
IS_RINGING = text("alarms.state = 'ringing'")  # as the index says it
TAKE_FOR_OTHERS = text("SELECT take_looked_after(:alarm, :person)")


class NoSuchAlarm(HotlineError):
    """There is no such alarm, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class Calling:
    """One alarm that rings until somebody comes. Of another agency's case its name and the alarm are known, no more."""

    id: UUID
    kind: AlarmKind
    rings: int
    raised_at: datetime
    agency: str
    case_id: UUID | None
    reference: str | None
    priority: int | None


def list_calling(session: Session, person: Person) -> Sequence[Calling]:
    """Danger first, then what has rung longest."""
    found = (
        select(Alarm.id, Alarm.kind, Alarm.rings, Alarm.raised_at, Agency.name, Case.id, Case.reference, Case.priority)
        .join(Agency, Agency.id == Alarm.agency_id)
        .outerjoin(Case, (Case.id == Alarm.case_id) & (Case.agency_id == person.agency))
        .where(_theirs(person), IS_RINGING)
        .order_by(Alarm.kind != AlarmKind.DANGER, Alarm.raised_at, Alarm.id)
    )
    return [Calling(*row) for row in session.execute(found.limit(MOST))]


def count_calling(session: Session, person: Person) -> int:
    """Counting stops at a hundred."""
    some = select(Alarm.id).where(_theirs(person), IS_RINGING).limit(MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def take_alarm(session: Session, person: Person, alarm_id: UUID) -> None:
    """Somebody has it: the case calls nobody any more. Pressed twice or by two it is done once. Raises NoSuchAlarm."""
    alarm = session.scalar(select(Alarm).where(Alarm.id == alarm_id, _theirs(person)))
    if alarm is None:
        raise NoSuchAlarm
    if alarm.agency_id == person.agency:
        take(session, person, alarm.case_id)
    elif session.scalar(TAKE_FOR_OTHERS, {"alarm": alarm_id, "person": person.id}):
        audit.record(session, person.agency, person.id, Act.CASE_TAKEN, alarm.case_id)


def _theirs(person: Person) -> ColumnElement[bool]:
    own = (Alarm.agency_id == person.agency) & Alarm.team.is_(None)
    return or_(own, func.is_looked_after(Alarm.agency_id) & Alarm.team.is_(None)) if person.at_home else own
