"""Answering people who reported: into the mailbox that only their receipt opens."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import audit
from core.models import Answer, AnswerCopy, Report, ReportKey
from core.receipts import seal_answer
from core.sealing import Row
from core.vocabulary import Act
from triage.cases.person import Person
from triage.cases.reading import NoSuchCase, find_case
from triage.cases.sealing import sealing_to

ANSWER_LIMIT = 4_000
EVERYBODY = "everybody"
To = UUID | str | None
"""A report, EVERYBODY who reported, or None: whoever opened the case."""


def answer_reporter(
    session: Session, person: Person, case_id: UUID, answer_id: UUID, words: str, to: To = None
) -> None:
    """Put the words into one reporter's mailbox or into each one's, in the caller's one transaction.

    The same `answer_id` again is the same answer, pressed twice. Raises NoSuchCase.
    """
    case = find_case(session, person.agency, case_id, lock=True)
    if session.get(Answer, answer_id):
        return
    first, *others = _mailboxes(session, person.agency, case.id, to)
    row = Row("answers", answer_id)
    with sealing_to(session, person.agency) as (key, wrapping):
        session.add(
            Answer(
                id=answer_id,
                report_id=first.id,
                case_id=case.id,
                agency_id=person.agency,
                staff_id=person.id,
                words=key.seal(row, "words", words),
                wrapped_key=wrapping.wrap(row, key),
                for_reporter=seal_answer(first.mailbox_key, words),
                reporters=1 + len(others),
            )
        )
    session.flush()  # copies are of something that is there
    if others:
        session.execute(insert(AnswerCopy), [_copy(person, answer_id, other, words) for other in others])
    audit.record(session, person.agency, person.id, Act.ANSWER_SENT, case.id)


def _mailboxes(session: Session, agency: UUID, case: UUID, to: To) -> Sequence[Found[UUID, bytes]]:
    """The reports to answer under: one for each receipt, the one that was first. Raises NoSuchCase for none."""
    held = select(Report.id, Report.mailbox_key).join(ReportKey, ReportKey.report_id == Report.id)
    of_case = held.where(Report.case_id == case, ReportKey.agency_id == agency)
    if isinstance(to, UUID):
        of_case = of_case.where(Report.id == to)
    found = session.execute(of_case.order_by(Report.received_at, Report.id)).all()
    if not found:
        raise NoSuchCase
    once = {row.mailbox_key: row for row in reversed(found)}
    return list(once.values())[::-1] if to == EVERYBODY else found[:1]


def _copy(person: Person, answer_id: UUID, other: Found[UUID, bytes], words: str) -> dict[str, object]:
    return {
        "answer_id": answer_id,
        "report_id": other.id,
        "agency_id": person.agency,
        "for_reporter": seal_answer(other.mailbox_key, words),
    }
