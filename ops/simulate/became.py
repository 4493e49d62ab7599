"""What became of each report, looked up by its receipt or number with the owner's eyes."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from ops.simulate.doors import Taken

ROWS = """
    SELECT {name}, reports.case_id, cases.id IS NOT NULL, agencies.country, agencies.home, reports.priority,
        cases.priority
    FROM reports {joined}
    LEFT JOIN cases ON cases.id = reports.case_id LEFT JOIN agencies ON agencies.id = cases.agency_id
    WHERE {name} = ANY(%s) ORDER BY reports.received_at, reports.id
"""
BY_RECEIPT = ROWS.format(name="receipt_hash", joined="")
BY_NUMBER = ROWS.format(name="open.number", joined="JOIN open_reports AS open ON open.report_id = reports.id")
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Became:
    """Its case and whose that is: a country, or empty for the hotline's own. None is not in a case."""

    case: UUID | None = None
    owner: str = ""
    priority: int | None = None
    case_priority: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """In the order of the reports; `more` is how many rows nobody sent."""

    became: Sequence[Became]
    more: int


def look_up(url: str, taken: Sequence[Taken], hashed: Callable[[str], bytes]) -> Found:
    """Each row is one report's: those under one receipt in the order in which they came."""
    names = [hashed(one.receipt) if one.receipt else one.number for one in taken]
    rows: dict[bytes | int, list[Became]] = defaultdict(list)
    with psycopg.connect(url, autocommit=True) as line:
        for query, kind in ((BY_RECEIPT, bytes), (BY_NUMBER, int)):
            asked = sorted({name for name in names if isinstance(name, kind) and name})
            for start in range(0, len(asked), AT_ONCE):
                for name, case, is_there, country, home, priority, case_priority in line.execute(
                    query, [asked[start : start + AT_ONCE]]
                ):
                    owner = "" if home else country or ""
                    rows[name].append(Became(case if is_there else None, owner, priority, case_priority))
    became = [rows[name].pop(0) if rows[name] else Became() for name in names]
    return Found(became, sum(map(len, rows.values())))
