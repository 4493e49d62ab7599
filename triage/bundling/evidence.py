"""Evidence: what one report can be bundled by, keyed, so that nothing after this knows a word of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from core.sealing import DataKey, Row
from core.vocabulary import MarkKind
from triage.bundling.blind import Blinder
from triage.bundling.folding import words_of
from triage.bundling.marks import marks_of
from triage.bundling.sketch import Sketch, Sketcher
from triage.bundling.standing import Standing, standing_of
from triage.partners import Sender
from triage.understanding import Understood

WRITTEN = frozenset({"site", "tab", "follow_up"})
"""Channels on which a person wrote; what an operator's server sends is worded alike for everybody."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says in plain words, for as long as it is looked at."""

    what: str
    contact: str


def told(report: Understood, key: DataKey) -> Told:
    """Raises CannotOpen."""
    row = Row("reports", report.id)
    return Told(key.open(row, "what", report.what), key.open(row, "contact", report.contact))


@dataclass(frozen=True, slots=True)
class Named:
    """One thing a report names. Cases that others may join by it are under `joins`, the rest under `alone`."""

    kind: MarkKind
    joins: int
    alone: int


class Evidence(Struct, frozen=True):
    """What it names, how it is worded, and who says it, under one agency's key."""

    agency: UUID
    received_at: datetime
    standing: Standing
    named: tuple[Named, ...] = ()
    sketch: Sketch | None = None
    crowded: bool = False

    @property
    def locks(self) -> list[int]:
        """What nobody else may place at the same time."""
        joinable = [] if self.standing.own else [mark.joins for mark in self.named]
        return [*joinable, *(self.sketch.bands if self.sketch else ())]


class Reader:
    """Reads the evidence of an agency's reports; made for a batch and forgotten with it."""

    def __init__(self, key: bytes, agency: UUID) -> None:
        self.agency = agency
        self.blinder = Blinder(key, agency)
        self._sketcher = Sketcher(self.blinder)

    def read(self, report: Understood, told: Told, sender: Sender | None = None) -> Evidence:
        """Half a report has none: its person may still send it, or delete it. A machine's words are all alike."""
        if report.partial:
            return Evidence(self.agency, report.received_at, standing=standing_of(report.danger, report.answers, ""))
        is_written = report.channel in WRITTEN
        words = words_of(told.what) if is_written else []
        marks = marks_of(report.identifiers, report.answers, sender.domains if sender and not is_written else ())
        return Evidence(
            agency=self.agency,
            received_at=report.received_at,
            named=tuple(self._named(mark.kind, mark.canonical.encode()) for mark in marks),
            sketch=self._sketcher.sketch(words),
            standing=standing_of(report.danger, report.answers, told.contact),
            crowded=report.crowded,
        )

    def tag(self, sketch: bytes, standing: Standing, names: bool) -> int:
        """Who tells this text, and whether it names anything: only for whoever has the sketch and the key."""
        return self.blinder.blind(b"tag" + sketch, standing.answers, b"names" if names else b"")

    def _named(self, kind: MarkKind, canonical: bytes) -> Named:
        return Named(
            kind,
            joins=self.blinder.blind(b"mark", kind.encode(), canonical),
            alone=self.blinder.blind(b"mark alone", kind.encode(), canonical),
        )
