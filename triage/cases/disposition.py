"""Recording how a case ended, who said so and why."""

from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.ids import uuid7
from core.models import Case, DispositionRecord, Report
from core.sealing import Row
from core.vocabulary import Act, CaseState, Disposition
from triage.cases.person import Person
from triage.cases.reading import find_case
from triage.cases.sealing import sealing_to

REASON_LIMIT = 4_000


class AlreadyClosed(HotlineError):
    """Somebody has closed this case already."""


class MoreReports(HotlineError):
    """More reports have come into this case since it was read."""


def record_disposition(
    session: Session,
    person: Person,
    case_id: UUID,
    disposition: Disposition,
    reason: str,
    seen: int | None = None,
) -> None:
    """Close the case, its reason sealed to the agency, in the caller's one transaction.

    Who reported is told that it has ended, and not when the case opens again because of somebody else.
    `seen` is how many reports the person was shown: nobody closes a case on a report they could not read.
    Raises NoSuchCase, AlreadyClosed, MoreReports.
    """
    case = find_case(session, person.agency, case_id, lock=True)
    if case.state is not CaseState.OPEN:
        raise AlreadyClosed
    if seen is not None and seen != case.report_count:
        raise MoreReports
    session.add(_sealed(session, person, case, disposition, reason))
    closing = update(Case).where(Case.id == case.id, Case.agency_id == person.agency)
    session.execute(closing.values(state=CaseState.CLOSED, disposition=disposition, closed_at=func.now()))
    ending = update(Report).where(Report.case_id == case.id, Report.ended_at.is_(None))
    session.execute(ending.values(ended_at=func.now()))
    audit.record(session, person.agency, person.id, Act.DISPOSITION_RECORDED, case.id)


def _sealed(session: Session, person: Person, case: Case, disposition: Disposition, reason: str) -> DispositionRecord:
    row = Row("dispositions", uuid7())
    with sealing_to(session, person.agency) as (key, wrapping):
        return DispositionRecord(
            id=row.id,
            case_id=case.id,
            agency_id=person.agency,
            staff_id=person.id,
            disposition=disposition,
            reason=key.seal(row, "reason", reason),
            wrapped_key=wrapping.wrap(row, key),
        )
