"""The cases that a batch adds to: locked in one order, and looked at again once nobody can move them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.errors import HotlineError
from triage.cases.filing import Filing

HOLD = text("""
    SELECT id, agency_id, merged_into, reference, report_count FROM cases WHERE id = ANY(CAST(:cases AS uuid[]))
    ORDER BY id FOR NO KEY UPDATE
""")
LOCK = text("SELECT pg_advisory_xact_lock(held) FROM unnest(CAST(:held AS bigint[])) AS held")


class CaseMoved(HotlineError):
    """Staff merged or refused a case while a report was on its way into it; the next try finds where it belongs."""


def lock(session: Session, numbers: Sequence[int]) -> None:
    """Wait for whoever has one of these in hand. In one order everywhere, so that nobody waits in a circle."""
    session.execute(LOCK, {"held": sorted(set(numbers))})


def hold(session: Session, filings: Iterable[Filing]) -> None:
    """Keep everybody else from changing these cases, each its agency's, until the batch is filed. Raises CaseMoved."""
    cases = {filing.case_id: filing for filing in filings}
    for row in session.execute(HOLD, {"cases": sorted(cases)}) if cases else ():
        filing = cases[row.id]
        if row.merged_into or row.agency_id != filing.agency_id:
            raise CaseMoved
        filing.reference, filing.already = row.reference, row.report_count
