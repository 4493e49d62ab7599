"""Filing: reports become cases, a whole batch in four or five statements.

Statements take arrays, as the letterbox does: their cost is the rows', not the round trips'.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.ids import new_reference, uuid7
from core.vocabulary import Danger, RoutingTrouble
from triage.alarms.raising import tell_teams
from triage.arrays import as_text, run
from triage.referrals.letters import ReportTold


class Routed(Struct, frozen=True):
    """Why a new case is its agency's, as it is stored: `why` opens with the data key of `report`."""

    report: UUID
    document: UUID | None
    trouble: RoutingTrouble | None
    queue: str | None
    notify: tuple[str, ...]
    why: bytes
    facts: bytes
    shadow: UUID | None
    shadow_agency: UUID | None


class FiledReport(Struct, frozen=True):
    """A report, its data key wrapped to the case's agency, its sealed reading, and what it is known by."""

    id: UUID
    wrapped_key: bytes
    reading: bytes
    priority: int
    marks: Sequence[int] = ()
    text: UUID | None = None


@dataclass(slots=True)
class Filing:
    """One case and the reports to file in it. Times are of its first and its newest report.

    `refers` are the agencies that rules refer it to, each with those of its reports that were.
    """

    agency_id: UUID
    priority: int
    country: str | None
    language: str
    danger: Danger
    received_at: datetime
    last_received_at: datetime
    case_id: UUID = field(default_factory=uuid7)
    reference: str = field(default_factory=new_reference)
    already: int = 0
    is_new: bool = True
    routing: Routed | None = None
    notify: set[str] = field(default_factory=set)
    refers: dict[UUID, list[ReportTold]] = field(default_factory=dict)
    reports: list[FiledReport] = field(default_factory=list)

    def add(self, report: FiledReport, danger: Danger, received_at: datetime) -> None:
        """The case is as urgent as its most urgent report."""
        self.reports.append(report)
        self.priority = min(self.priority, report.priority)
        self.danger = danger if danger is Danger.YES else self.danger
        self.received_at = min(self.received_at, received_at)
        self.last_received_at = max(self.last_received_at, received_at)


OPEN_CASES = text("""
    INSERT INTO cases (id, reference, agency_id, priority, country, language, danger, received_at, last_received_at,
        report_count, queue)
    SELECT * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS text[]), CAST(:c AS uuid[]), CAST(:d AS smallint[]),
        CAST(:e AS text[]), CAST(:f AS text[]), CAST(:g AS text[]), CAST(:h AS timestamptz[]),
        CAST(:i AS timestamptz[]), CAST(:j AS int[]), CAST(:k AS text[]))
""")
KEEP_ROUTINGS = text("""
    INSERT INTO routings (turn, case_id, agency_id, document_id, trouble, queue, notify, report_id, why, facts,
        shadow_document_id, shadow_agency_id)
    SELECT 0, * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS uuid[]), CAST(:d AS text[]),
        CAST(:e AS text[]), CAST(:f AS text[]), CAST(:g AS uuid[]), CAST(:h AS bytea[]), CAST(:i AS bytea[]),
        CAST(:j AS uuid[]), CAST(:k AS uuid[]))
""")
ADD_TO_CASES = text("""
    UPDATE cases SET report_count = report_count + more.count, priority = least(cases.priority, more.priority),
        danger = CASE more.danger WHEN 'yes' THEN 'yes' ELSE cases.danger END,
        received_at = least(cases.received_at, more.first),
        last_received_at = greatest(cases.last_received_at, more.last),
        state = 'open', disposition = NULL, closed_at = NULL,
        taken_at = CASE WHEN cases.state = 'open' AND more.priority >= cases.priority THEN cases.taken_at END,
        clock_from = CASE WHEN cases.state = 'open' THEN cases.clock_from ELSE now() END,
        breached_at = CASE WHEN cases.state = 'open' THEN cases.breached_at END
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS smallint[]), CAST(:c AS text[]), CAST(:d AS timestamptz[]),
        CAST(:e AS timestamptz[]), CAST(:f AS int[])) AS more (id, priority, danger, first, last, count)
    WHERE cases.id = more.id
""")
KEEP_KEYS = text("""
    INSERT INTO report_keys (report_id, agency_id, wrapped_key)
    SELECT * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS bytea[]))
""")
FILE_REPORTS = text("""
    UPDATE reports SET state = 'filed', filed_at = now(), case_id = filed.case_id, wrapped_key = NULL,
        reading = filed.reading, priority = filed.priority, marks = CAST(filed.marks AS bigint[]),
        text_id = filed.text_id
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS bytea[]), CAST(:d AS smallint[]),
        CAST(:e AS text[]), CAST(:f AS uuid[])) AS filed (id, case_id, reading, priority, marks, text_id)
    WHERE reports.id = filed.id
""")


def file(session: Session, filings: Sequence[Filing]) -> None:
    """Open or add to every case, file its reports and tell whom rules name, in the caller's transaction."""
    run(session, OPEN_CASES, [_case(filing) for filing in filings if filing.is_new])
    run(session, KEEP_ROUTINGS, [_routing(filing, filing.routing) for filing in filings if filing.routing])
    run(session, ADD_TO_CASES, [_addition(filing) for filing in filings if not filing.is_new])
    filed = [(filing, report) for filing in filings for report in filing.reports]
    run(session, KEEP_KEYS, [(report.id, filing.agency_id, report.wrapped_key) for filing, report in filed])
    run(session, FILE_REPORTS, [_report(filing, report) for filing, report in filed])
    told = [(filing.case_id, filing.agency_id, team) for filing in filings for team in sorted(filing.notify)]
    tell_teams(session, told)


def _case(filing: Filing) -> tuple[object, ...]:
    return (
        filing.case_id,
        filing.reference,
        filing.agency_id,
        filing.priority,
        filing.country,
        filing.language,
        filing.danger.value,
        filing.received_at,
        filing.last_received_at,
        len(filing.reports),
        filing.routing.queue if filing.routing else None,
    )


def _routing(filing: Filing, routed: Routed) -> tuple[object, ...]:
    return (
        filing.case_id,
        filing.agency_id,
        routed.document,
        routed.trouble.value if routed.trouble else None,
        routed.queue,
        ",".join(routed.notify) or None,
        routed.report,
        routed.why,
        routed.facts,
        routed.shadow,
        routed.shadow_agency,
    )


def _addition(filing: Filing) -> tuple[object, ...]:
    times = (filing.received_at, filing.last_received_at)
    return (filing.case_id, filing.priority, filing.danger.value, *times, len(filing.reports))


def _report(filing: Filing, report: FiledReport) -> tuple[object, ...]:
    return (report.id, filing.case_id, report.reading, report.priority, as_text(report.marks), report.text)
