"""What a case has to do with others of its agency: what staff moved between them, which may be about the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import case as case_when
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Case, CaseLink, RegroupingRecord, Staff
from core.sealing import KeyRing, Row
from core.vocabulary import Regrouping
from triage.cases.opening import PAGE, opened

Found = SqlRow[RegroupingRecord, str, UUID, str]


@dataclass(frozen=True, slots=True)
class OpenedRegrouping:
    """What staff moved between this case and another one, who, and why; `reason` is None when it does not open."""

    id: UUID
    done_at: datetime
    name: str
    act: Regrouping
    reports: int
    other: UUID
    reference: str
    away: bool
    may_undo: bool
    reason: str | None


def open_regroupings(session: Session, ring: KeyRing, agency: UUID, case_id: UUID) -> Sequence[OpenedRegrouping]:
    """What was moved into this case or out of it by hand, oldest first; the newest may be undone."""
    record = RegroupingRecord
    other = case_when((record.from_id == case_id, record.to_id), else_=record.from_id)
    rows = session.execute(
        select(record, Staff.name, Case.id, Case.reference)
        .join(Staff, Staff.id == record.staff_id)
        .join(Case, Case.id == other)
        .where((record.from_id == case_id) | (record.to_id == case_id), record.agency_id == agency)
        .order_by(record.done_at, record.id)
    ).all()
    last = next((row[0].id for row in reversed(rows) if _may_be_undone(row[0], rows)), None)
    return [_regrouping(ring, case_id, *row, may_undo=row[0].id == last) for row in rows]


def _may_be_undone(record: RegroupingRecord, rows: Sequence[Found]) -> bool:
    return record.act is not Regrouping.UNDONE and record.id not in {row[0].undoes for row in rows}


def _regrouping(
    ring: KeyRing, case_id: UUID, record: RegroupingRecord, name: str, other: UUID, reference: str, may_undo: bool
) -> OpenedRegrouping:
    found = opened(ring, Row("regroupings", record.id), record.wrapped_key, {"reason": record.reason})
    return OpenedRegrouping(
        record.id,
        record.done_at,
        name,
        record.act,
        len(record.reports),
        other,
        reference,
        away=record.from_id == case_id,
        may_undo=may_undo,
        reason=found["reason"] if found else None,
    )


def read_links(session: Session, agency: UUID, case_id: UUID) -> Sequence[Case]:
    """Some cases that may be about the same thing, the newest links first; nothing of them is opened."""
    other = case_when((CaseLink.case_id == case_id, CaseLink.other_id), else_=CaseLink.case_id)
    linked = (
        select(Case)
        .join(CaseLink, Case.id == other)
        .where((CaseLink.case_id == case_id) | (CaseLink.other_id == case_id), Case.agency_id == agency)
        .order_by(CaseLink.linked_at.desc(), Case.id)
        .limit(PAGE)
    )
    return list(dict.fromkeys(session.scalars(linked)))
