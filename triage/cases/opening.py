"""Opening what a case holds. Only `reading` calls this: whoever opens without it leaves no trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.orm import Session

from core.details import NOTHING, Details
from core.errors import CannotOpen
from core.models import Answer, AnswerCopy, DispositionRecord, Partner, Report, ReportKey, Staff
from core.sealing import KeyRing, Row
from core.vocabulary import Channel, ContextState, Danger, Disposition
from triage.cases.partners import usual_completeness
from triage.understanding import Read

PAGE = 20
PARTNER = (Partner.name.label("partner"), Report.partner_id)
FACTS = (
    *("id", "received_at", "channel", "language", "country", "danger", "partial", "withdrawn_at"),
    *("completeness", "context_state"),
)
SEALED = ("what", "link", "contact", "details", "source")


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report as staff read it; `words` is what was typed or sent, by column, or None when it does not open.

    `partner` is the name of the operator it came from. `completeness`, 0 to 100, is that of what an operator's server
    sent, and `usual` what its reports have on average.
    """

    id: UUID
    received_at: datetime
    channel: Channel
    language: str
    country: str | None
    danger: Danger
    partial: bool
    withdrawn_at: datetime | None
    completeness: int | None
    context_state: ContextState | None
    partner: str | None
    usual: int | None
    words: dict[str, str] | None
    details: Details
    read: Read | None = None


@dataclass(frozen=True, slots=True)
class OpenedDisposition:
    """How a case ended once, who said so, and why; `reason` is None when it does not open."""

    recorded_at: datetime
    staff_id: UUID
    name: str
    disposition: Disposition
    reason: str | None


@dataclass(frozen=True, slots=True)
class OpenedAnswer:
    """What staff wrote to the reporter; `words` is None when it does not open."""

    id: UUID
    written_at: datetime
    name: str
    reporters: int
    words: str | None


def count_reports(session: Session, agency: UUID, case_id: UUID) -> int:
    """How many reports of this case the agency holds a key to."""
    held = select(func.count()).select_from(Report).join(ReportKey, ReportKey.report_id == Report.id)
    return session.scalar(held.where(*_of(case_id, agency))) or 0


def open_reports(session: Session, ring: KeyRing, agency: UUID, case_id: UUID, page: int) -> Sequence[OpenedReport]:
    """One page of them, oldest first. One that does not open keeps no other from being read."""
    rows = session.execute(
        select(*(getattr(Report, name) for name in FACTS + SEALED), Report.reading, ReportKey.wrapped_key, *PARTNER)
        .join(ReportKey, ReportKey.report_id == Report.id)
        .outerjoin(Partner, Partner.id == Report.partner_id)
        .where(*_of(case_id, agency))
        .order_by(Report.received_at, Report.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = rows.mappings().all()
    usual = usual_completeness(session, agency, [row["partner_id"] for row in found if row["partner_id"]])
    return [_report(ring, row, usual.get(row["partner_id"])) for row in found]


def open_dispositions(session: Session, ring: KeyRing, agency: UUID, case_id: UUID) -> Sequence[OpenedDisposition]:
    """Every decision on the case, oldest first."""
    rows = session.execute(
        select(DispositionRecord, Staff.name)
        .join(Staff, Staff.id == DispositionRecord.staff_id)
        .where(DispositionRecord.case_id == case_id, DispositionRecord.agency_id == agency)
        .order_by(DispositionRecord.recorded_at, DispositionRecord.id)
    )
    return [_disposition(ring, record, name) for record, name in rows]


def open_answers(session: Session, ring: KeyRing, agency: UUID, case_id: UUID) -> Sequence[OpenedAnswer]:
    """Everything written to people whose reports are in this case, oldest first."""
    of_case = select(Report.id).where(Report.case_id == case_id)
    copied = select(AnswerCopy.answer_id).where(AnswerCopy.report_id.in_(of_case))
    rows = session.execute(
        select(Answer, Staff.name)
        .join(Staff, Staff.id == Answer.staff_id)
        .where(Answer.report_id.in_(of_case) | Answer.id.in_(copied), Answer.agency_id == agency)
        .order_by(Answer.written_at, Answer.id)
    )
    return [_answer(ring, answer, name) for answer, name in rows]


def _report(ring: KeyRing, row: RowMapping, usual: int | None) -> OpenedReport:
    facts = {name: row[name] for name in FACTS}
    sealed = {
        name: row[name] for name in SEALED if row[name]
    }  # a report of before has no details, a withdrawn one nothing
    words = opened(ring, Row("reports", row["id"]), row["wrapped_key"], sealed)
    details = words.pop("details", None) if words else None
    return OpenedReport(
        **facts, partner=row["partner"], usual=usual, words=words, details=_details(details), read=_read(ring, row)
    )


def _details(text: str | None) -> Details:
    """Nothing for what this version does not know: the rest of the report is still read."""
    try:
        return NOTHING if text is None else Details.from_text(text)
    except CannotOpen:
        return NOTHING


def _read(ring: KeyRing, row: RowMapping) -> Read | None:
    """What triage read in it; none for a report of before, and when it does not open: the report itself still does."""
    if row["reading"] is None:
        return None
    found = opened(ring, Row("reports", row["id"]), row["wrapped_key"], {"reading": row["reading"]})
    try:
        return Read.from_text(found["reading"]) if found else None
    except CannotOpen:
        return None


def _answer(ring: KeyRing, answer: Answer, name: str) -> OpenedAnswer:
    found = opened(ring, Row("answers", answer.id), answer.wrapped_key, {"words": answer.words})
    return OpenedAnswer(answer.id, answer.written_at, name, answer.reporters, found["words"] if found else None)


def _disposition(ring: KeyRing, record: DispositionRecord, name: str) -> OpenedDisposition:
    found = opened(ring, Row("dispositions", record.id), record.wrapped_key, {"reason": record.reason})
    return OpenedDisposition(
        recorded_at=record.recorded_at,
        staff_id=record.staff_id,
        name=name,
        disposition=record.disposition,
        reason=found["reason"] if found else None,
    )


def _of(case_id: UUID, agency: UUID) -> tuple[ColumnElement[bool], ...]:
    return Report.case_id == case_id, ReportKey.agency_id == agency


def opened(ring: KeyRing, row: Row, wrapped_key: bytes, sealed: dict[str, bytes]) -> dict[str, str] | None:
    """The words by column, or None when the key does not fit."""
    try:
        with ring.unwrap(row, wrapped_key) as key:
            return {column: key.open(row, column, value) for column, value in sealed.items()}
    except CannotOpen:
        return None
