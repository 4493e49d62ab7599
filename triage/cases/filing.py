"""Filing: reports become cases, a whole batch in three or four statements.

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
from core.vocabulary import Danger


@dataclass(slots=True)
class Filing:
    """One case and the reports to file in it, each with its data key wrapped to the case's agency."""

    agency_id: UUID
    priority: int
    country: str | None
    language: str
    danger: Danger
    received_at: datetime
    case_id: UUID = field(default_factory=uuid7)
    is_new: bool = True
    reports: list[tuple[UUID, bytes]] = field(default_factory=list)


OPEN_CASES = text("""
    INSERT INTO cases (id, reference, agency_id, priority, country, language, danger, received_at, report_count)
    SELECT * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS text[]), CAST(:c AS uuid[]), CAST(:d AS smallint[]),
        CAST(:e AS text[]), CAST(:f AS text[]), CAST(:g AS text[]), CAST(:h AS timestamptz[]), CAST(:i AS int[]))
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
    UPDATE reports SET state = 'filed', filed_at = now(), case_id = filed.case_id, wrapped_key = NULL
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[])) AS filed (id, case_id)
    WHERE reports.id = filed.id
""")


def file(session: Session, filings: Sequence[Filing]) -> None:
    """Open or add to every case and file its reports, in the caller's transaction."""
    _run(session, OPEN_CASES, [_case(filing) for filing in filings if filing.is_new])
    _run(session, ADD_TO_CASES, [_addition(filing) for filing in filings if not filing.is_new])
    keys = [(report, filing.agency_id, key) for filing in filings for report, key in filing.reports]
    _run(session, KEEP_KEYS, keys)
    _run(session, FILE_REPORTS, [(report, filing.case_id) for filing in filings for report, _ in filing.reports])


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


def _addition(filing: Filing) -> tuple[object, ...]:
    return (filing.case_id, filing.priority, len(filing.reports))


def _run(session: Session, statement: TextClause, rows: Sequence[tuple[object, ...]]) -> None:
    """Send rows as one array for each column, named :a, :b, ... in the statement."""
    if rows:
        columns = zip(*rows, strict=True)
        session.execute(statement, {name: list(column) for name, column in zip(ascii_lowercase, columns, strict=False)})
