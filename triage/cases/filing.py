"""Filing: reports become cases, a whole batch in four or five statements.

Statements take arrays, as the letterbox does: their cost is the rows', not the round trips'.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import ascii_lowercase
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from core.ids import new_reference, uuid7
from core.vocabulary import Danger, RoutingTrouble


@dataclass(frozen=True, slots=True)
class Routed:
    """Why a new case is its agency's, as it is stored: `why` opens with the data key of `report`."""

    report: UUID
    document: UUID | None
    trouble: RoutingTrouble | None
    queue: str | None
    notify: str | None
    why: bytes
    facts: bytes
    shadow: UUID | None
    shadow_agency: UUID | None


@dataclass(slots=True)
class Filing:
    """One case and the reports to file in it: each with its data key wrapped to the case's agency, and its reading."""

    agency_id: UUID
    priority: int
    country: str | None
    language: str
    danger: Danger
    received_at: datetime
    case_id: UUID = field(default_factory=uuid7)
    is_new: bool = True
    routing: Routed | None = None
    reports: list[tuple[UUID, bytes, bytes]] = field(default_factory=list)


OPEN_CASES = text("""
    INSERT INTO cases (id, reference, agency_id, priority, country, language, danger, received_at, report_count)
    SELECT * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS text[]), CAST(:c AS uuid[]), CAST(:d AS smallint[]),
        CAST(:e AS text[]), CAST(:f AS text[]), CAST(:g AS text[]), CAST(:h AS timestamptz[]), CAST(:i AS int[]))
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
        state = 'open', disposition = NULL, closed_at = NULL,
        taken_at = CASE WHEN cases.state = 'open' AND more.priority >= cases.priority THEN cases.taken_at END,
        clock_from = CASE WHEN cases.state = 'open' THEN cases.clock_from ELSE now() END,
        breached_at = CASE WHEN cases.state = 'open' THEN cases.breached_at END
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS smallint[]), CAST(:c AS int[])) AS more (id, priority, count)
    WHERE cases.id = more.id
""")
KEEP_KEYS = text("""
    INSERT INTO report_keys (report_id, agency_id, wrapped_key)
    SELECT * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS bytea[]))
""")
FILE_REPORTS = text("""
    UPDATE reports SET state = 'filed', filed_at = now(), case_id = filed.case_id, wrapped_key = NULL,
        reading = filed.reading
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS bytea[])) AS filed (id, case_id, reading)
    WHERE reports.id = filed.id
""")


def file(session: Session, filings: Sequence[Filing]) -> None:
    """Open or add to every case and file its reports, in the caller's transaction."""
    _run(session, OPEN_CASES, [_case(filing) for filing in filings if filing.is_new])
    _run(session, KEEP_ROUTINGS, [_routing(filing, filing.routing) for filing in filings if filing.routing])
    _run(session, ADD_TO_CASES, [_addition(filing) for filing in filings if not filing.is_new])
    keys = [(report, filing.agency_id, key) for filing in filings for report, key, _ in filing.reports]
    filed = [(report, filing.case_id, reading) for filing in filings for report, _, reading in filing.reports]
    _run(session, KEEP_KEYS, keys)
    _run(session, FILE_REPORTS, filed)


def _case(filing: Filing) -> tuple[object, ...]:
    return (
        filing.case_id,
        new_reference(),
        filing.agency_id,
        filing.priority,
        filing.country,
        filing.language,
        filing.danger.value,
        filing.received_at,
        len(filing.reports),
    )


def _routing(filing: Filing, routed: Routed) -> tuple[object, ...]:
    return (
        filing.case_id,
        filing.agency_id,
        routed.document,
        routed.trouble.value if routed.trouble else None,
        routed.queue,
        routed.notify,
        routed.report,
        routed.why,
        routed.facts,
        routed.shadow,
        routed.shadow_agency,
    )


def _addition(filing: Filing) -> tuple[object, ...]:
    return (filing.case_id, filing.priority, len(filing.reports))


def _run(session: Session, statement: TextClause, rows: Sequence[tuple[object, ...]]) -> None:
    """Send rows as one array for each column, named :a, :b, ... in the statement.

    A column without any value is no array at all: `unnest` fills up with NULL what is shorter than the rest.
    """
    if rows:
        columns = (
            list(column) if any(value is not None for value in column) else None for column in zip(*rows, strict=True)
        )
        session.execute(statement, dict(zip(ascii_lowercase, columns, strict=False)))
