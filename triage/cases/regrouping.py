"""Merging cases and splitting them by hand: reversible, with a history that nobody changes, and in the audit trail."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.ids import new_reference, normalised, uuid7
from core.models import Case, RegroupingRecord
from core.sealing import Row
from core.vocabulary import Act, CaseState, Danger, Disposition, Regrouping
from triage.cases.clock import agencys_calendar
from triage.cases.moving import move, reports_of, with_followers
from triage.cases.person import Person
from triage.cases.reading import NoSuchCase, find_case
from triage.cases.sealing import sealing_to

ACTS = {
    Regrouping.MERGED: Act.CASES_MERGED,
    Regrouping.SPLIT: Act.REPORTS_SPLIT,
    Regrouping.UNDONE: Act.REGROUPING_UNDONE,
}


class CannotRegroup(HotlineError):
    """These reports cannot be moved like this."""


class OtherCaseClosed(CannotRegroup):
    """The other case is closed: open reports would be hidden in it."""


class NotAllHeld(CannotRegroup):
    """The agency holds no key to some reports of this case."""


class NothingLeft(CannotRegroup):
    """All reports of a case cannot be taken out of it, nor none."""


class ChangedSince(CannotRegroup):
    """The cases have changed since: what was done cannot be undone any more."""


def case_by_reference(session: Session, agency: UUID, typed: str) -> UUID:
    """The agency's case of this reference, as people type it. Raises NoSuchCase."""
    symbols = normalised(typed)[-8:]
    found = session.scalar(
        select(Case.id).where(Case.reference == f"C-{symbols[:4]}-{symbols[4:]}", Case.agency_id == agency)
    )
    if found is None:
        raise NoSuchCase
    return found


def merge(session: Session, person: Person, case_id: UUID, into: UUID, reason: str) -> None:
    """Move every report of a case into another one; the emptied case leads there. Raises NoSuchCase, CannotRegroup."""
    case, other = _hold(session, person, case_id, into)
    if case.id == other.id or case.merged_into or other.merged_into:
        raise CannotRegroup
    if case.state is CaseState.OPEN and other.state is CaseState.CLOSED:
        raise OtherCaseClosed
    reports = reports_of(session, person.agency, case.id)
    if len(reports) != case.report_count:
        raise NotAllHeld
    _regroup(session, person, Regrouping.MERGED, case, other, reports, reason)


def split(session: Session, person: Person, case_id: UUID, reports: Sequence[UUID], reason: str) -> UUID:
    """Move some reports, and what else their reporters told, into a case of their own; its id.

    Raises NoSuchCase, CannotRegroup.
    """
    case = find_case(session, person.agency, case_id, lock=True)
    chosen = with_followers(session, person.agency, case.id, reports)
    if case.merged_into or not 0 < len(chosen) < case.report_count:
        raise NothingLeft
    fresh = _a_case_like(case, _clock(session, case))
    session.add(fresh)
    session.flush()  # reports are moved to it next
    _regroup(session, person, Regrouping.SPLIT, case, fresh, chosen, reason)
    return fresh.id


def undo(session: Session, person: Person, record_id: UUID, reason: str) -> UUID:
    """Move back what was moved and is still there, with what its reporters told since; the case it went back to.

    What was told since is not hidden in a case that was closed before. Raises NoSuchCase, CannotRegroup.
    """
    record = session.scalar(
        select(RegroupingRecord).where(RegroupingRecord.id == record_id, RegroupingRecord.agency_id == person.agency)
    )
    if record is None:
        raise NoSuchCase
    here, there = _hold(session, person, record.to_id, record.from_id)
    reports = with_followers(session, person.agency, here.id, record.reports)
    if not reports or not can_undo(session, record, there):
        raise ChangedSince
    if record.act is Regrouping.MERGED and set(reports) <= set(record.reports):
        _give_back(session, there, record.was_state, record.was_disposition, record.was_closed_at)
    elif there.state is CaseState.CLOSED:
        _give_back(session, there, here.state, here.disposition, here.closed_at)
    _regroup(session, person, Regrouping.UNDONE, here, there, reports, reason, undoes=record.id)
    return there.id


def can_undo(session: Session, record: RegroupingRecord, came_from: Case) -> bool:
    """Whether it was not undone yet and the case the reports came from still is as it left it."""
    undone = select(RegroupingRecord.id).where(RegroupingRecord.undoes == record.id)
    if record.act is Regrouping.UNDONE or session.scalar(undone):
        return False
    return came_from.merged_into == (record.to_id if record.act is Regrouping.MERGED else None)


def _hold(session: Session, person: Person, one: UUID, other: UUID) -> tuple[Case, Case]:
    """Both, locked in the one order that workers lock cases in too. Raises NoSuchCase."""
    held = {case: find_case(session, person.agency, case, lock=True) for case in sorted({one, other})}
    return held[one], held[other]


def _regroup(
    session: Session,
    person: Person,
    act: Regrouping,
    here: Case,
    there: Case,
    reports: Sequence[UUID],
    reason: str,
    undoes: UUID | None = None,
) -> None:
    """Move, fold an emptied case away, and write down who did it and why."""
    was = (here.state, here.disposition, here.closed_at)
    moved = move(session, person.agency, reports, here.id, there.id)
    if not reports_of(session, person.agency, here.id):
        _fold(session, here, there)
    session.add(_record(session, person, act, here.id, there.id, moved, was, reason, undoes))
    audit.record(session, person.agency, person.id, ACTS[act], here.id)
    audit.record(session, person.agency, person.id, ACTS[act], there.id)


def _fold(session: Session, case: Case, into: Case) -> None:
    """A case without reports is closed and leads to where they are."""
    folding = update(Case).where(Case.id == case.id, Case.agency_id == case.agency_id)
    closed_at = case.closed_at or func.now()
    disposition = case.disposition or Disposition.DUPLICATE
    session.execute(
        folding.values(merged_into=into.id, state=CaseState.CLOSED, disposition=disposition, closed_at=closed_at)
    )


def _give_back(
    session: Session, case: Case, state: CaseState, disposition: Disposition | None, closed_at: datetime | None
) -> None:
    giving = update(Case).where(Case.id == case.id, Case.agency_id == case.agency_id)
    session.execute(giving.values(merged_into=None, state=state, disposition=disposition, closed_at=closed_at))


def _clock(session: Session, case: Case) -> datetime | None:
    """Where the deadline of what is taken out counts from. One that was paused runs on, without what it was paused."""
    if case.stopped_at is None:
        return case.clock_from
    return agencys_calendar(session, case.agency_id).started_again(case, datetime.now(UTC))


def _a_case_like(case: Case, clock_from: datetime | None) -> Case:
    """Open, of the same country, language, queue and clock; its counts follow from what is moved into it."""
    return Case(
        id=uuid7(),
        reference=new_reference(),
        agency_id=case.agency_id,
        priority=case.priority,
        country=case.country,
        language=case.language,
        danger=Danger(case.danger),
        queue=case.queue,
        report_count=0,
        received_at=case.received_at,
        last_received_at=case.last_received_at,
        state=CaseState.OPEN,
        clock_from=clock_from,
    )


def _record(
    session: Session,
    person: Person,
    act: Regrouping,
    here: UUID,
    there: UUID,
    moved: Sequence[UUID],
    was: tuple[CaseState, Disposition | None, datetime | None],
    reason: str,
    undoes: UUID | None,
) -> RegroupingRecord:
    row = Row("regroupings", uuid7())
    with sealing_to(session, person.agency) as (key, wrapping):
        return RegroupingRecord(
            id=row.id,
            agency_id=person.agency,
            staff_id=person.id,
            act=act,
            from_id=here,
            to_id=there,
            reports=list(moved),
            undoes=undoes,
            was_state=was[0],
            was_disposition=was[1],
            was_closed_at=was[2],
            reason=key.seal(row, "reason", reason),
            wrapped_key=wrapping.wrap(row, key),
        )
