"""Taking a case: whoever opens it, or says they have it, ends its alarms; the audit trail knows who."""

from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from core import audit
from core.models import Alarm, Case
from core.vocabulary import Act, AlarmState
from triage.cases.person import Person


def take(session: Session, person: Person, case_id: UUID) -> None:
    """In the caller's transaction. The first one stays who took it, whoever ends an alarm later.

    A team that a rule names is told all the same.
    """
    taken = {"taken_at": func.now(), "taken_by": person.id}
    mine = update(Case).where(Case.id == case_id, Case.agency_id == person.agency, Case.taken_at.is_(None))
    first = session.execute(mine.values(**taken).returning(Case.id)).first()
    ringing = update(Alarm).where(Alarm.case_id == case_id, Alarm.agency_id == person.agency)
    ended = {"state": AlarmState.TAKEN, "ended_at": func.now(), "taken_by": person.id}
    ringing = ringing.where(Alarm.state == AlarmState.RINGING, Alarm.team.is_(None))
    if session.execute(ringing.values(**ended).returning(Alarm.id)).first() or first:
        audit.record(session, person.agency, person.id, Act.CASE_TAKEN, case_id)
