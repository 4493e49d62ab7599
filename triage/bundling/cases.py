"""The cases that a batch adds to: locked in one order, and looked at again once nobody can move them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.errors import HotlineError

HOLD = text("SELECT id, merged_into FROM cases WHERE id = ANY(CAST(:cases AS uuid[])) ORDER BY id FOR NO KEY UPDATE")
LOCK = text("SELECT pg_advisory_xact_lock(held) FROM unnest(CAST(:held AS bigint[])) AS held")


class CaseMoved(HotlineError):
    """Staff merged a case while a report was on its way into it; the next try finds where it went."""


def lock(session: Session, numbers: Sequence[int]) -> None:
    """Wait for whoever has one of these in hand. In one order everywhere, so that nobody waits in a circle."""
    session.execute(LOCK, {"held": sorted(set(numbers))})


def hold(session: Session, cases: Sequence[UUID]) -> None:
    """Keep staff and other workers from changing these until the batch is filed. Raises CaseMoved."""
    if not cases:
        return
    held = session.execute(HOLD, {"cases": sorted(cases)}).all()
    if any(merged_into for _, merged_into in held):
        raise CaseMoved
