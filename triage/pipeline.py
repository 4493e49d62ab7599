"""The line a report goes down: understood -> bundle -> route -> file the case."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Self
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from core.keys import TriageKeys
from core.models import Case, Report
from core.sealing import Row, Wrapping
from core.vocabulary import ReportState
from triage.cases.filing import Filing, file
from triage.cases.routed import Router
from triage.parts import Parts
from triage.ranking import LOWEST
from triage.routing.routes import Routes
from triage.understanding import Understood
from triage.waiting import Taken

HOLD = (
    select(Report.id, Report.attempts)
    .where(Report.id.in_(bindparam("reports", expanding=True)), Report.state == ReportState.RECEIVED)
    .order_by(Report.id)
    .with_for_update()
)
LOCK = text("SELECT pg_advisory_xact_lock(receipt) FROM unnest(CAST(:receipts AS bigint[])) AS receipt")

EARLIER = (
    select(Report.receipt_hash, Case.id, Case.agency_id)
    .join(Case, Case.id == Report.case_id)
    .where(Report.receipt_hash.in_(bindparam("receipts", expanding=True)), Report.state == ReportState.FILED)
    .order_by(Case.id)
    .with_for_update(of=Case)
)


def triage(session: Session, keys: TriageKeys, routes: Routes, taken: Sequence[Understood]) -> None:
    """Carry reports from received to a case, all in the caller's transaction.

    What somebody else has in hand by now is left to them. Raises CannotOpen.
    """
    reports = still_in_hand(session, taken)
    one_at_a_time(session, reports)
    filings = bundle(session, routes, reports)
    parts = Parts.of(session, keys.reports, reports)
    with Wrappings(routes) as wrappings, Router.of(routes, keys.facts) as router:
        for report in reports:
            filing, row = filings[report.receipt_hash], Row("reports", report.id)
            filing.priority = min(filing.priority, report.priority)
            with keys.reports.unwrap(row, report.wrapped_key) as key:
                parts.fold(session, report.id, key)
                if filing.is_new and filing.routing is None:
                    router.route(filing, report, report.answers, key, report.hosting)
                wrapped = wrappings.to(filing.agency_id).wrap(row, key)
            filing.reports.append((report.id, wrapped, report.reading))
    file(session, list(filings.values()))


def still_in_hand(session: Session, taken: Sequence[Understood]) -> list[Understood]:
    """Lock them; a lease that ran out shows in the number of attempts.

    A locked row is waited for, not passed over: whoever looks for fresh reports at this moment locks
    these for as long as it takes to see that they are taken. Locked in one order, so that nobody waits in a circle.
    """
    held = session.execute(HOLD, {"reports": [report.id for report in taken]})
    attempts = {row.id: row.attempts for row in held}
    return [report for report in taken if attempts.get(report.id) == report.attempts]


def one_at_a_time(session: Session, reports: Sequence[Taken]) -> None:
    """Whoever has another report of the same receipt in hand is waited for; else each would open a case.

    Locks are taken in one order everywhere, so nobody waits in a circle.
    """
    receipts = sorted({int.from_bytes(report.receipt_hash[:8], signed=True) for report in reports})
    session.execute(LOCK, {"receipts": receipts})


def bundle(session: Session, routes: Routes, reports: Sequence[Taken]) -> dict[bytes, Filing]:
    """One filing for each receipt: what a person adds later joins the case their first report opened."""
    cases = _cases_of(session, [report.receipt_hash for report in reports])
    filings: dict[bytes, Filing] = {}
    for report in reports:
        if report.receipt_hash not in filings:
            filings[report.receipt_hash] = _filing(report, routes, cases.get(report.receipt_hash))
    return filings


class Wrappings:
    """One wrapping for each agency a batch goes to, forgotten with the batch."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._stack = ExitStack()
        self._made: dict[UUID, Wrapping] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def to(self, agency: UUID) -> Wrapping:
        if agency not in self._made:
            self._made[agency] = self._stack.enter_context(Wrapping(self._routes.key_of(agency)))
        return self._made[agency]


def _filing(report: Taken, routes: Routes, known: tuple[UUID, UUID] | None) -> Filing:
    filing = Filing(
        agency_id=routes.book.home.id,
        priority=LOWEST,
        country=report.country,
        language=report.language,
        danger=report.danger,
        received_at=report.received_at,
    )
    if known:
        filing.case_id, filing.agency_id = known
        filing.is_new = False
    return filing


def _cases_of(session: Session, receipts: Sequence[bytes]) -> Mapping[bytes, tuple[UUID, UUID]]:
    """The case and agency that a receipt's earlier reports are in.

    Locked, in one order: a case that is being refused belongs to another agency once that is done.
    """
    earlier = session.execute(EARLIER, {"receipts": receipts})
    return {receipt: (case, agency) for receipt, case, agency in earlier}
