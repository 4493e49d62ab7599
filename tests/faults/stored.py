"""What is really there at the end: every row, opened with the keys of whoever may open it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from core.errors import CannotOpen
from core.keys import ConsoleKeys, TriageKeys
from core.sealing import DataKey, KeyRing, Row
from core.settings import Settings
from tests.faults.history import Words

REPORTS = """
    SELECT reports.id, reports.what, link, contact, coalesce(reports.country, '') AS country, reports.danger,
        receipt_hash, reports.state, reports.priority, case_id, reports.wrapped_key AS for_triage,
        extract(epoch FROM reports.received_at)::float8 AS received_at,
        report_keys.wrapped_key AS for_agency, agencies.code AS agency,
        (SELECT count(*) FROM report_keys WHERE report_id = reports.id) AS wraps
    FROM reports
    LEFT JOIN cases ON cases.id = case_id
    LEFT JOIN agencies ON agencies.id = cases.agency_id
    LEFT JOIN report_keys ON report_id = reports.id AND report_keys.agency_id = cases.agency_id
"""
CASES = "SELECT id, report_count FROM cases"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row as it is stored, with the wraps of its key."""

    id: UUID
    what: bytes
    link: bytes
    contact: bytes
    country: str
    danger: str
    receipt_hash: bytes
    state: str
    priority: int | None
    received_at: float
    case_id: UUID | None
    for_triage: bytes | None
    for_agency: bytes | None
    agency: str | None
    wraps: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored report; `words` is None when it does not open, `stored_at` is of the monotonic clock."""

    id: UUID
    words: Words | None
    receipt_hash: bytes
    state: str
    stored_at: float
    case_id: UUID | None
    wraps: int
    agency: str | None
    priority: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """All reports, and how many each case says it has."""

    reports: Sequence[Kept]
    cases: Mapping[UUID, int]


def read(settings: Settings) -> Stored:
    """Everything, in one snapshot, as the owner, whom row-level security does not bind."""
    rings = _Rings(settings)
    with psycopg.connect(settings.database_url or "") as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with connection.cursor(row_factory=class_row(Sealed)) as cursor:
            reports = [_kept(rings, row) for row in cursor.execute(REPORTS)]
        cases: dict[UUID, int] = dict(connection.execute(CASES).fetchall())
    return Stored(reports, cases)


class _Rings:
    """Triage's ring for what waits, each agency's for what is filed."""

    def __init__(self, settings: Settings) -> None:
        self.triage = TriageKeys.read(settings.keys_dir).reports
        self._console = ConsoleKeys.read(settings.keys_dir)
        self._agencies: dict[str, KeyRing] = {}

    def of(self, agency: str) -> KeyRing:
        if agency not in self._agencies:
            self._agencies[agency] = self._console.ring(agency)
        return self._agencies[agency]


def _kept(rings: _Rings, row: Sealed) -> Kept:
    return Kept(
        id=row.id,
        words=_words(rings, row),
        receipt_hash=row.receipt_hash,
        state=row.state,
        stored_at=row.received_at - (time.time() - time.monotonic()),
        case_id=row.case_id,
        wraps=row.wraps,
        agency=row.agency,
        priority=row.priority,
    )


def _words(rings: _Rings, row: Sealed) -> Words | None:
    try:
        with _key(rings, row) as key:
            place = Row("reports", row.id)
            what, link, contact = (key.open(place, name, getattr(row, name)) for name in ("what", "link", "contact"))
    except CannotOpen:
        return None
    danger = "" if row.danger == "unsaid" else row.danger
    return Words(what=what, link=link, contact=contact, country=row.country, danger=danger)


def _key(rings: _Rings, row: Sealed) -> DataKey:
    place = Row("reports", row.id)
    if row.agency is not None and row.for_agency is not None:
        return rings.of(row.agency).unwrap(place, row.for_agency)
    if row.for_triage is not None:
        return rings.triage.unwrap(place, row.for_triage)
    raise CannotOpen
