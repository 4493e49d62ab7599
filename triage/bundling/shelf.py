"""The shelf: what the cases that a batch may touch are known by, read once, kept up to date, written back once.

What it costs is the batch's, not the bundle's: each mark and each band is looked up to a fixed number of rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.models.bundle import BANDS, FLOOD
from core.vocabulary import MarkKind
from triage.arrays import as_text, ask, run
from triage.bundling.evidence import Evidence

CASES_A_MARK = 8
BROAD = 20
"""Things that a case is known by, above which one that it shares with a report is taken for many people's."""
TEXTS_A_BAND = 16

MARKED = text(f"""
    SELECT wanted.blind, found.case_id,
        EXISTS (SELECT FROM case_texts WHERE case_texts.case_id = found.case_id AND copies >= {FLOOD}) AS flooded,
        (
            SELECT count(*) FROM (
                SELECT FROM case_marks AS others WHERE others.case_id = found.case_id LIMIT {BROAD + 1}
            ) AS counted
        ) AS things
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS bigint[])) AS wanted (agency_id, blind)
    CROSS JOIN LATERAL (
        SELECT case_id FROM case_marks
        WHERE case_marks.agency_id = wanted.agency_id AND case_marks.blind = wanted.blind
        ORDER BY case_marks.case_id LIMIT {CASES_A_MARK}
    ) AS found
""")  # noqa: S608  # our own numbers
_A_BAND = "(SELECT id, agency_id, case_id, bands, sketch, tag, copies FROM case_texts WHERE bands[{n}] = wanted.b{n} AND agency_id = wanted.agency_id LIMIT {most})"  # noqa: E501
ALIKE = text(f"""
    SELECT found.* FROM unnest(CAST(:a AS uuid[]), {", ".join(f"CAST(:{c} AS bigint[])" for c in "bcdefg")})
        AS wanted (agency_id, {", ".join(f"b{n}" for n in range(1, BANDS + 1))})
    CROSS JOIN LATERAL (
        {" UNION ALL ".join(_A_BAND.format(n=n, most=TEXTS_A_BAND) for n in range(1, BANDS + 1))}
    ) AS found
""")  # noqa: S608
KEEP_MARKS = text("""
    INSERT INTO case_marks (agency_id, blind, case_id, kind, report_count, first_seen_at, last_seen_at)
    SELECT * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS bigint[]), CAST(:c AS uuid[]), CAST(:d AS text[]),
        CAST(:e AS int[]), CAST(:f AS timestamptz[]), CAST(:g AS timestamptz[]))
    ON CONFLICT (agency_id, blind, case_id) DO UPDATE SET
        report_count = case_marks.report_count + excluded.report_count,
        first_seen_at = least(case_marks.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(case_marks.last_seen_at, excluded.last_seen_at)
""")
KEEP_TEXTS = text("""
    INSERT INTO case_texts (id, agency_id, case_id, bands, sketch, tag, copies, first_seen_at, last_seen_at)
    SELECT a, b, c, CAST(d AS bigint[]), e, f, g, h, i
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS uuid[]), CAST(:d AS text[]), CAST(:e AS bytea[]),
        CAST(:f AS bigint[]), CAST(:g AS int[]), CAST(:h AS timestamptz[]), CAST(:i AS timestamptz[]))
        AS fresh (a, b, c, d, e, f, g, h, i)
""")
ADD_COPIES = text("""
    UPDATE case_texts SET copies = case_texts.copies + more.copies,
        first_seen_at = least(case_texts.first_seen_at, more.first),
        last_seen_at = greatest(case_texts.last_seen_at, more.last)
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS int[]), CAST(:c AS timestamptz[]), CAST(:d AS timestamptz[]))
        AS more (id, copies, first, last)
    WHERE case_texts.id = more.id
""")
LINK = text("""
    INSERT INTO case_links (case_id, other_id, agency_id)
    SELECT * FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS uuid[]))
    ON CONFLICT DO NOTHING
""")


@dataclass(slots=True)
class Text:
    """A text that a case is known by. `more` and the times are what this batch brought."""

    id: UUID
    agency: UUID
    case: UUID
    bands: tuple[int, ...]
    sketch: bytes
    tag: int
    copies: int
    is_new: bool = False
    more: int = 0
    times: list[datetime] = field(default_factory=list)

    def add(self, at: datetime) -> None:
        self.copies += 1
        self.more += 1
        self.times.append(at)


@dataclass(slots=True)
class Shelf:
    """Cases by what they are known by. `flooded` ones take copies of their texts only; `things` counts their marks."""

    by_mark: dict[int, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    by_band: dict[int, list[Text]] = field(default_factory=lambda: defaultdict(list))
    flooded: set[UUID] = field(default_factory=set)
    things: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    _texts: dict[UUID, Text] = field(default_factory=dict)
    _marks: dict[tuple[UUID, int, UUID, MarkKind], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    _links: set[tuple[UUID, UUID, UUID]] = field(default_factory=set)

    @classmethod
    def read(cls, session: Session, batch: Iterable[Evidence]) -> "Shelf":
        """All that these may be bundled with or linked to. Whoever reads has locked what it reads."""
        shelf, wanted = cls(), list(batch)
        marks = {(each.agency, blind) for each in wanted for mark in each.named for blind in (mark.joins, mark.alone)}
        for row in ask(session, MARKED, sorted(marks)):
            shelf.by_mark[row.blind].append(row.case_id)
            shelf.flooded.update([row.case_id] * row.flooded)
            shelf.things[row.case_id] = row.things
        bands = {(each.agency, *each.sketch.bands) for each in wanted if each.sketch}
        for row in ask(session, ALIKE, sorted(bands)):
            shelf._know(Text(row.id, row.agency_id, row.case_id, tuple(row.bands), row.sketch, row.tag, row.copies))
        return shelf

    def like(self, evidence: Evidence) -> Iterable[Text]:
        """Every text on the shelf that shares a band, each once."""
        bands = evidence.sketch.bands if evidence.sketch else ()
        return {text.id: text for band in bands for text in self.by_band.get(band, ())}.values()

    def add_marks(self, evidence: Evidence, case: UUID, alone: bool) -> list[int]:
        """Know the case by what this report names, and the blind indexes the report itself keeps."""
        blinds = [mark.alone if alone else mark.joins for mark in evidence.named]
        for blind, mark in zip(blinds, evidence.named, strict=True):
            self._marks[evidence.agency, blind, case, mark.kind].append(evidence.received_at)
            if case not in self.by_mark[blind]:
                self.by_mark[blind].append(case)
                self.things[case] += 1
        return blinds

    def is_broad(self, case: UUID) -> bool:
        return self.things[case] > BROAD

    def add_text(self, evidence: Evidence, case: UUID, tag: int, copies: int) -> Text:
        """Know the case by this text too, of whose like it had `copies` already."""
        assert evidence.sketch
        text = Text(
            uuid7(), evidence.agency, case, evidence.sketch.bands, evidence.sketch.words, tag, copies, is_new=True
        )
        self._put(text)
        return text

    def count(self, text: Text, at: datetime) -> None:
        text.add(at)
        if text.copies >= FLOOD:
            self.flooded.add(text.case)

    def link(self, agency: UUID, case: UUID, others: Iterable[UUID]) -> None:
        self._links.update((case, other, agency) for other in others if other != case)

    def write(self, session: Session) -> None:
        """Whoever writes holds the cases' rows."""
        marks = self._marks.items()
        run(session, KEEP_MARKS, [(*key[:3], key[3].value, len(at), min(at), max(at)) for key, at in marks])
        touched = [text for text in self._texts.values() if text.more]
        run(session, KEEP_TEXTS, [_fresh(text) for text in touched if text.is_new])
        known = (text for text in touched if not text.is_new)
        run(session, ADD_COPIES, [(text.id, text.more, min(text.times), max(text.times)) for text in known])
        run(session, LINK, sorted(self._links))

    def _know(self, text: Text) -> None:
        if text.id not in self._texts:
            self._put(text)
        if text.copies >= FLOOD:
            self.flooded.add(text.case)

    def _put(self, text: Text) -> None:
        self._texts[text.id] = text
        for band in text.bands:
            self.by_band[band].append(text)


def _fresh(text: Text) -> tuple[object, ...]:
    first, last = min(text.times), max(text.times)
    bands = as_text(text.bands)
    return (text.id, text.agency, text.case, bands, text.sketch, text.tag, text.copies, first, last)
