"""Files that came for a report while it was open: folded into its own sealed source and details before it is read.

Each part was sealed with a key of its own, because whoever took it keeps no key. Afterwards the report's one key opens
all of it, for whomever it is wrapped to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
from sqlalchemy import Engine, RowMapping, text
from sqlalchemy.orm import Session

from core.cybertipline.kept import Described, Kept, Upload, whole_file
from core.db import one_statement
from core.details import Details
from core.sealing import DataKey, KeyRing, Row
from core.vocabulary import Channel, Missing
from triage.arrays import run
from triage.waiting import Taken

WAITING = text("""
    SELECT parts.*, reports.source, reports.completeness
    FROM report_parts AS parts JOIN reports ON reports.id = parts.report_id
    WHERE parts.report_id = ANY (:reports)
    ORDER BY parts.added_at, parts.id
""")
KEEP = text("""
    UPDATE reports SET source = folded.source, details = folded.details, completeness = folded.completeness
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS bytea[]), CAST(:c AS bytea[]), CAST(:d AS smallint[]))
        AS folded (id, source, details, completeness)
    WHERE reports.id = folded.id
""")
FORGET = text("DELETE FROM report_parts WHERE report_id = ANY (CAST(:reports AS uuid[]))")


@dataclass(frozen=True, slots=True)
class Folded:
    """A report with its files in it, as it is to be stored."""

    report: UUID
    source: bytes
    details: bytes
    completeness: int | None


@dataclass
class Parts:
    """What waits for each report of a batch, in the order it came. Nothing is added to a report that was finished."""

    ring: KeyRing
    rows: Mapping[UUID, Sequence[RowMapping]] = field(default_factory=dict)

    @classmethod
    def of(cls, engine: Engine, ring: KeyRing, reports: Iterable[Taken]) -> "Parts":
        """One question for all of them, and none when no report could have any."""
        ids = [report.id for report in reports if report.channel is Channel.CYBERTIPLINE]
        if not ids:
            return cls(ring)
        rows: dict[UUID, list[RowMapping]] = {}
        with one_statement(engine) as connection:
            for row in connection.execute(WAITING, {"reports": ids}).mappings():
                rows.setdefault(row["report_id"], []).append(row)
        return cls(ring, rows)

    def fold(self, report: UUID, key: DataKey, told: Details) -> tuple[Details, Folded | None]:
        """What is told with the files in it, and what `key` is to open from now on. Raises CannotOpen."""
        if report not in self.rows:
            return told, None
        first, files = self.rows[report][0], [self._opened(row) for row in self.rows[report]]
        place = Row("reports", report)
        source = Kept(key.open(place, "source", first["source"]), tuple(_kept(*file) for file in files))
        details, worth = _with_files(told, files)
        return details, Folded(
            report,
            source=key.seal(place, "source", source.to_text()),
            details=key.seal(place, "details", details.to_text()),
            completeness=None if first["completeness"] is None else first["completeness"] + worth,
        )

    def _opened(self, row: RowMapping) -> tuple[Upload, Described | None]:
        place = Row("report_parts", row["id"])
        with self.ring.unwrap(place, row["upload_key"]) as key:
            upload = Upload.from_text(key.open(place, "upload", row["upload"]))
        if row["details"] is None:
            return upload, None
        with self.ring.unwrap(place, row["details_key"]) as key:
            return upload, Described.from_text(key.open(place, "details", row["details"]))


def keep(session: Session, folded: Sequence[Folded]) -> None:
    """In the transaction that files them."""
    if folded:
        run(session, KEEP, [(one.report, one.source, one.details, one.completeness) for one in folded])
        session.execute(FORGET, {"reports": [one.report for one in folded]})


def _kept(upload: Upload, described: Described | None) -> tuple[Upload, str]:
    return upload, described.document if described else ""


def _with_files(told: Details, files: Sequence[tuple[Upload, Described | None]]) -> tuple[Details, int]:
    """What is told with the files in it, and what they add to its completeness."""
    worth = files[0][0].worth if Missing.EVIDENCE in told.missing else 0
    missing = tuple(each for each in told.missing if each is not Missing.EVIDENCE)
    known = tuple(whole_file(*file) for file in files)
    return msgspec.structs.replace(told, files=told.files + known, missing=missing), worth
