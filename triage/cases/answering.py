"""Answering somebody who reported: into the mailbox that only their receipt opens."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.models import Answer, Report
from core.receipts import seal_answer
from core.sealing import Row
from core.vocabulary import Act
from triage.cases.person import Person
from triage.cases.reading import find_case
from triage.cases.sealing import sealing_to

ANSWER_LIMIT = 4_000


def answer_reporter(session: Session, person: Person, case_id: UUID, answer_id: UUID, words: str) -> None:
    """Put the words into the mailbox of the report that opened the case, in the caller's one transaction.

    The same `answer_id` again is the same answer, pressed twice. Raises NoSuchCase.
    """
    case = find_case(session, person.agency, case_id, lock=True)
    if session.get(Answer, answer_id):
        return
    first = select(Report.id, Report.mailbox_key).where(Report.case_id == case.id)
    report, mailbox = session.execute(first.order_by(Report.received_at, Report.id).limit(1)).one()
    row = Row("answers", answer_id)
    with sealing_to(session, person.agency) as (key, wrapping):
        session.add(
            Answer(
                id=answer_id,
                report_id=report,
                case_id=case.id,
                agency_id=person.agency,
                staff_id=person.id,
                words=key.seal(row, "words", words),
                wrapped_key=wrapping.wrap(row, key),
                for_reporter=seal_answer(mailbox, words),
            )
        )
    audit.record(session, person.agency, person.id, Act.ANSWER_SENT, case.id)
