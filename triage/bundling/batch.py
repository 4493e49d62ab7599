"""A batch of opened reports, each put where it belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from triage.bundling.cases import hold, lock
from triage.bundling.evidence import Evidence, Reader
from triage.bundling.placing import find_place, settle
from triage.bundling.shelf import Shelf
from triage.cases.filing import FiledReport, Filing, Routed
from triage.referrals.letters import ReportTold
from triage.understanding import Understood


class Opened(Struct, frozen=True):
    """A report in hand whose words were read and are closed again. `case` is where its receipt's earlier ones are.

    `fresh` is the id of the case that it gets if it opens one, and `routed` why that one is its agency's; `refers` is
    whom its rule refers it to, and what they are told.
    """

    report: Understood
    case: UUID | None
    fresh: UUID
    agency: UUID
    routed: Routed | None
    priority: int
    wrapped_key: bytes
    evidence: Evidence
    refers: Mapping[UUID, ReportTold]


@dataclass(frozen=True, slots=True)
class Bundled:
    """What to file, and then what these cases are known by from now on."""

    filings: Sequence[Filing]
    shelf: Shelf


def bundle(session: Session, readers: Mapping[UUID, Reader], opened: Sequence[Opened]) -> Bundled:
    """One filing for each case, its row held when it is there already. Raises CaseMoved."""
    lock(session, [number for each in opened for number in each.evidence.locks])
    batch = _Batch(Shelf.read(session, [each.evidence for each in opened]), readers)
    for each in opened:
        batch.put(each)
    filings = list(batch.filings.values())
    hold(session, (filing for filing in filings if not filing.is_new))
    return Bundled(filings, batch.shelf)


class _Batch:
    """What is decided so far: a case for each receipt, a filing for each case."""

    def __init__(self, shelf: Shelf, readers: Mapping[UUID, Reader]) -> None:
        self.shelf = shelf
        self.filings: dict[UUID, Filing] = {}
        self._readers = readers
        self._of_receipt: dict[bytes, UUID] = {}

    def put(self, opened: Opened) -> None:
        """What is added under a receipt joins its case, which is known by nothing of it: it only links."""
        report, evidence = opened.report, opened.evidence
        reader = self._readers[opened.agency]
        place = find_place(self.shelf, reader, evidence)
        known = self._of_receipt.get(report.receipt_hash, opened.case)
        filing = self._filing(opened, known or place.case)
        case = self._of_receipt[report.receipt_hash] = filing.case_id
        text = None if known else settle(self.shelf, reader, evidence, case, place.near)
        marks = self.shelf.add_marks(evidence, case, alone=evidence.standing.own or known is not None)
        self.shelf.link(opened.agency, case, [*place.links, *([place.case] if known and place.case else [])])
        filed = FiledReport(report.id, opened.wrapped_key, report.reading, opened.priority, marks, text)
        filing.add(filed, report.danger, report.received_at)
        for agency, told in opened.refers.items():
            filing.refers.setdefault(agency, []).append(told)
        filing.notify.update(opened.routed.notify if opened.routed else ())

    def _filing(self, opened: Opened, case: UUID | None) -> Filing:
        if case in self.filings:
            return self.filings[case]
        report = opened.report
        filing = Filing(
            agency_id=opened.agency,
            priority=opened.priority,
            country=report.country,
            language=report.language,
            danger=report.danger,
            received_at=report.received_at,
            last_received_at=report.received_at,
            case_id=case or opened.fresh,
            is_new=case is None,
            routing=None if case else opened.routed,
        )
        self.filings[filing.case_id] = filing
        return filing
