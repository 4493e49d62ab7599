"""The line a report goes down: understood -> route -> bundle within its agency -> file the case."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.keys import TriageKeys
from core.sealing import DataKey, Row, Wrapping
from triage.bundling.batch import Opened, bundle
from triage.bundling.cases import CaseMoved, lock
from triage.bundling.evidence import Reader, Told, told
from triage.cases.filing import file
from triage.cases.routed import Given, Router
from triage.partners import Senders, senders_of
from triage.parts import keep
from triage.referrals.by_rule import refer_filed, told_to_others
from triage.referrals.letters import ReportTold
from triage.routing.routes import Routes
from triage.understanding import Understood
from triage.waiting import Taken

HOLD = text("""
    SELECT id, attempts FROM reports WHERE id = ANY(CAST(:reports AS uuid[])) AND state = 'received'
    ORDER BY id FOR UPDATE
""")
EARLIER = text("""
    SELECT receipt, cases.id, cases.agency_id FROM unnest(CAST(:receipts AS bytea[])) AS receipt
    CROSS JOIN LATERAL (
        SELECT case_id FROM reports WHERE receipt_hash = receipt AND state = 'filed' LIMIT 1
    ) AS filed
    JOIN cases ON cases.id = filed.case_id
""")
"""All that is told under one receipt is in one case. One index is asked for each: in whatever order the cases come."""


def triage(session: Session, keys: TriageKeys, routes: Routes, taken: Sequence[Understood]) -> None:
    """Carry reports from received to a case, all in the caller's transaction.

    What somebody else has in hand by now is left to them. Raises CannotOpen, CaseMoved.
    """
    reports = still_in_hand(session, taken)
    one_at_a_time(session, reports)
    earlier = _cases_of(session, reports)
    senders = senders_of(session, reports)
    with Wrappings(routes) as wrappings, Router.of(routes, senders, keys.facts) as router:
        opening = Opening(keys, wrappings, router, senders, earlier)
        opened = [opening.open(report) for report in reports]
    bundled = bundle(session, opening.readers, opened)
    if earlier and _cases_of(session, reports) != earlier:  # they are held by now
        raise CaseMoved
    keep(session, [report.folded for report in reports if report.folded])
    file(session, bundled.filings)
    bundled.shelf.write(session)
    refer_filed(session, keys.courier, routes, bundled.filings)


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
    wrappings: Wrappings
    router: Router
    senders: Senders
    earlier: Mapping[bytes, tuple[UUID, UUID]]
    readers: dict[UUID, Reader] = field(default_factory=dict)
    given: dict[bytes, UUID] = field(default_factory=dict)
    """The agency of each receipt that was routed in this batch: what else is told under it goes there too."""

    def open(self, report: Understood) -> Opened:
        """Find its agency, read what it can be bundled by, wrap its key. Raises CannotOpen."""
        row, fresh = Row("reports", report.id), uuid7()
        with self.keys.reports.unwrap(row, report.wrapped_key) as key:
            given = self._routed(report, fresh, key)
            case, agency = self._place(report, given)
            words = told(report, key)
            return Opened(
                report,
                case,
                fresh,
                agency,
                routed=given.routed if given else None,
                priority=min(report.priority, given.floor) if given and given.floor else report.priority,
                wrapped_key=self.wrappings.to(agency).wrap(row, key),
                evidence=self._reader(agency).read(report, words, self.senders.of(report)),
                refers=self._refers(report, key, words, given.refers) if given else {},
            )

    def _refers(
        self, report: Understood, key: DataKey, words: Told, agencies: Sequence[UUID]
    ) -> Mapping[UUID, ReportTold]:
        """What each of them is told."""
        if not agencies:
            return {}
        return dict.fromkeys(agencies, told_to_others(report, key, words.what, self.senders.of(report)))

    def _routed(self, report: Understood, fresh: UUID, key: DataKey) -> Given | None:
        """None for what is added under a receipt: it goes where that is."""
        if report.receipt_hash in self.earlier or report.receipt_hash in self.given:
            return None
        given = self.router.route(fresh, report, key)
        self.given[report.receipt_hash] = given.agency
        return given

    def _place(self, report: Understood, given: Given | None) -> tuple[UUID | None, UUID]:
        """The case there is, and the agency."""
        if given:
            return None, given.agency
        return self.earlier.get(report.receipt_hash) or (None, self.given[report.receipt_hash])

    def _reader(self, agency: UUID) -> Reader:
        if agency not in self.readers:
            self.readers[agency] = Reader(self.keys.bundling, agency)
        return self.readers[agency]


def _cases_of(session: Session, reports: Sequence[Taken]) -> Mapping[bytes, tuple[UUID, UUID]]:
    """The case and agency that a receipt's earlier reports are in."""
    earlier = session.execute(EARLIER, {"receipts": [report.receipt_hash for report in reports]})
    return {row.receipt: (row.id, row.agency_id) for row in earlier}
