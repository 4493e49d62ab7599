"""Filing: reports become cases, a batch in four statements.

Statements take arrays, as the letterbox does: their cost is the rows', not the round trips'.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:references AS text[]), CAST(:agencies AS uuid[]),
        CAST(:priorities AS smallint[]), CAST(:countries AS text[]), CAST(:languages AS text[]),
        CAST(:dangers AS text[]), CAST(:moments AS timestamptz[]), CAST(:counts AS int[]))
""")
ADD_TO_CASES = text("""
    UPDATE cases SET report_count = report_count + more.count, priority = least(cases.priority, more.priority),
        state = 'open', disposition = NULL, closed_at = NULL
    FROM unnest(CAST(:ids AS uuid[]), CAST(:priorities AS smallint[]), CAST(:counts AS int[])) AS more (id, priority, count)
    WHERE cases.id = more.id
""")
KEEP_KEYS = text("""
    INSERT INTO report_keys (report_id, agency_id, wrapped_key)
    SELECT * FROM unnest(CAST(:reports AS uuid[]), CAST(:agencies AS uuid[]), CAST(:keys AS bytea[]))
""")
FILE_REPORTS = text("""
    UPDATE reports SET state = 'filed', filed_at = now(), case_id = filed.case_id, wrapped_key = NULL
    FROM unnest(CAST(:reports AS uuid[]), CAST(:cases AS uuid[])) AS filed (id, case_id)
    WHERE reports.id = filed.id
""")


def file(session: Session, filings: Sequence[Filing]) -> None:
    """Open or add to every case and file its reports, in the caller's transaction."""
    _open([filing for filing in filings if filing.is_new], session)
    _add_to([filing for filing in filings if not filing.is_new], session)
    rows = [(report, filing.agency_id, key, filing.case_id) for filing in filings for report, key in filing.reports]
    _run(session, KEEP_KEYS, rows, ("reports", "agencies", "keys", ""))
    _run(session, FILE_REPORTS, rows, ("reports", "", "", "cases"))


def _open(filings: Sequence[Filing], session: Session) -> None:
    names = ("ids", "references", "agencies", "priorities", "countries", "languages", "dangers", "moments", "counts")
    rows = [
        (f.case_id, new_reference(), f.agency_id, f.priority, f.country, f.language, f.danger, f.received_at, len(f.reports))
        for f in filings
    ]
    _run(session, OPEN_CASES, rows, names)


def _add_to(filings: Sequence[Filing], session: Session) -> None:
    rows = [(filing.case_id, filing.priority, len(filing.reports)) for filing in filings]
    _run(session, ADD_TO_CASES, rows, ("ids", "priorities", "counts"))


def _run(session: Session, statement: TextClause, rows: Iterable[tuple[object, ...]], names: Sequence[str]) -> None:
    """Turn rows into the statement's array parameters; a column named "" is not sent."""
    columns = list(zip(*rows, strict=True))
    if columns:
        session.execute(statement, {name: list(column) for name, column in zip(names, columns, strict=True) if name})
