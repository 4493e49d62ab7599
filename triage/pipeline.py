"""The line a report goes down: open -> bundle -> rank -> route -> file the case."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.keys import TriageKeys
from core.models import Case, Report
from core.sealing import Row, Wrapping
from core.vocabulary import ReportState
from triage.bundling.batch import Opened, bundle
from triage.bundling.cases import CaseMoved, lock
from triage.bundling.evidence import Reader, told
from triage.cases.filing import file
from triage.ranking import rank, read_details
from triage.routing.country import Routes
from triage.waiting import Taken

HOLD = (
    select(Report.id, Report.attempts)
    .where(Report.id.in_(bindparam("reports", expanding=True)), Report.state == ReportState.RECEIVED)
    .order_by(Report.id)
    .with_for_update()
)
EARLIER = (
    select(Report.receipt_hash, Case.id, Case.agency_id)
    .join(Case, Case.id == Report.case_id)
    .where(Report.receipt_hash.in_(bindparam("receipts", expanding=True)), Report.state == ReportState.FILED)
)


def triage(session: Session, keys: TriageKeys, routes: Routes, taken: Sequence[Taken]) -> None:
    """Carry reports from received to a case, all in the caller's transaction.

    What somebody else has in hand by now is left to them. Raises CannotOpen, CaseMoved.
    """
    reports = still_in_hand(session, taken)
    one_at_a_time(session, reports)
    earlier = _cases_of(session, reports)
    with Wrappings(routes) as wrappings:
        opening = Opening(keys, routes, wrappings, earlier)
        opened = [opening.open(report) for report in reports]
    bundled = bundle(session, opening.readers, opened)
    if earlier and _cases_of(session, reports) != earlier:
        raise CaseMoved
    file(session, bundled.filings)
    bundled.shelf.write(session)


def still_in_hand(session: Session, taken: Sequence[Taken]) -> list[Taken]:
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
    lock(session, [int.from_bytes(report.receipt_hash[:8], signed=True) for report in reports])


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


@dataclass(slots=True)
class Opening:
    """Opens one report after the other, for as long as it takes to see what it is and whose."""

    keys: TriageKeys
    routes: Routes
    wrappings: Wrappings
    earlier: Mapping[bytes, tuple[UUID, UUID]]
    readers: dict[UUID, Reader] = field(default_factory=dict)

    def open(self, report: Taken) -> Opened:
        """Rank it, read what it can be bundled by, and wrap its key to its agency. Raises CannotOpen."""
        case, agency = self.earlier.get(report.receipt_hash, (None, self.routes.agency_for(report.country)))
        row = Row("reports", report.id)
        with self.keys.reports.unwrap(row, report.wrapped_key) as key:
            details = read_details(report, key)
            return Opened(
                report,
                case,
                agency,
                priority=rank(report, details),
                wrapped_key=self.wrappings.to(agency).wrap(row, key),
                evidence=self._reader(agency).read(report, told(report, key, details)),
            )

    def _reader(self, agency: UUID) -> Reader:
        if agency not in self.readers:
            self.readers[agency] = Reader(self.keys.bundling, agency)
        return self.readers[agency]


def _cases_of(session: Session, reports: Sequence[Taken]) -> Mapping[bytes, tuple[UUID, UUID]]:
    """The case and agency that a receipt's earlier reports are in."""
    earlier = session.execute(EARLIER, {"receipts": [report.receipt_hash for report in reports]})
    return {receipt: (case, agency) for receipt, case, agency in earlier}
