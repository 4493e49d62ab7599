"""What staff say of a link that a provider was asked to remove. Once it is over, workers know it no longer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.models import Takedown
from core.vocabulary import Act, TakedownMark, TakedownState
from triage.cases.person import Person

ACTS: Mapping[TakedownMark, Act] = {
    TakedownMark.REMOVED: Act.TAKEDOWN_REMOVED,
    TakedownMark.STILL_THERE: Act.TAKEDOWN_CHECKED,
    TakedownMark.ANSWERED: Act.TAKEDOWN_ANSWERED,
    TakedownMark.REFUSED: Act.TAKEDOWN_REFUSED,
    TakedownMark.AGAIN: Act.TAKEDOWN_AGAIN,
    TakedownMark.STOPPED: Act.TAKEDOWN_STOPPED,
}
RUNNING = (TakedownState.OPEN, TakedownState.ANSWERED)
ENDS: Mapping[TakedownMark, TakedownState] = {
    TakedownMark.REMOVED: TakedownState.REMOVED,
    TakedownMark.REFUSED: TakedownState.REFUSED,
    TakedownMark.STOPPED: TakedownState.STOPPED,
}


class NoSuchTakedown(HotlineError):
    """There is none of this number here."""


def mark_takedowns(session: Session, person: Person, ids: Sequence[UUID], mark: TakedownMark, check: timedelta) -> None:
    """In the caller's one transaction; staff are asked again after `check`. What is over already stays as it is.

    Raises NoSuchTakedown, and then nothing was changed.
    """
    mine = (Takedown.id.in_(ids), Takedown.agency_id == person.agency)
    found = session.execute(select(Takedown.id, Takedown.state).where(*mine).with_for_update()).all()
    if not found or {row.id for row in found} != set(ids):
        raise NoSuchTakedown
    running = [row.id for row in found if row.state in RUNNING]
    by = {"changed_at": func.now(), "changed_by": person.id}
    session.execute(update(Takedown).where(*mine, Takedown.id.in_(running)).values(**_values(mark, check), **by))
    for id in running:
        audit.record(session, person.agency, person.id, ACTS[mark], id)


def _values(mark: TakedownMark, check: timedelta) -> dict[str, object]:
    if mark in ENDS:
        return {"state": ENDS[mark], "wanted": False, "letter": None, "check_at": None}
    later: dict[str, object] = {"check_at": func.now() + check}
    if mark is TakedownMark.ANSWERED:
        return {"state": TakedownState.ANSWERED, "wanted": False, **later}
    if mark is TakedownMark.AGAIN:
        return {"state": TakedownState.OPEN, "wanted": True, **later}
    return later
