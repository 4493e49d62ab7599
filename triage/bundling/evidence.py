"""Evidence: what one report can be bundled by, keyed, so that nothing after this knows a word of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.details import Details
from core.vocabulary import Danger, MarkKind
from triage.bundling.blind import Blinder
from triage.bundling.extraction import marks_of
from triage.bundling.folding import words_of
from triage.bundling.sketch import Sketch, Sketcher
from triage.bundling.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says in plain words, for as long as it is looked at."""

    what: str
    link: str
    contact: str
    danger: Danger
    details: Details


@dataclass(frozen=True, slots=True)
class Named:
    """One thing a report names. Cases that may be joined by it are under `joins`, those that stand alone under `alone`."""

    kind: MarkKind
    joins: int
    alone: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """`same` are the tags of texts that are told by the same sort of person, `tag` is this one's."""

    agency: UUID
    received_at: datetime
    named: tuple[Named, ...]
    sketch: Sketch | None
    standing: Standing
    crowded: bool

    @property
    def locks(self) -> list[int]:
        """What nobody else may place at the same time."""
        return [mark.joins for mark in self.named] + list(self.sketch.bands if self.sketch else ())


class Reader:
    """Reads the evidence of an agency's reports; made for a batch and forgotten with it."""

    def __init__(self, key: bytes, agency: UUID) -> None:
        self.agency = agency
        self.blinder = Blinder(key, agency)
        self._sketcher = Sketcher(self.blinder)

    def read(self, told: Told, received_at: datetime, crowded: bool) -> Evidence:
        marks = marks_of(told.what, told.link, told.details)
        return Evidence(
            agency=self.agency,
            received_at=received_at,
            named=tuple(self._named(mark.kind, mark.canonical.encode()) for mark in marks),
            sketch=self._sketcher.sketch(words_of(told.what)),
            standing=standing_of(told.danger, told.details, told.contact),
            crowded=crowded,
        )

    def tag(self, slots: bytes, standing: Standing, names: bool) -> int:
        """Who tells this text, and whether it names anything: only for whoever has the sketch and the key."""
        return self.blinder.blind(b"tag" + slots, standing.answers, b"names" if names else b"")

    def _named(self, kind: MarkKind, canonical: bytes) -> Named:
        return Named(
            kind,
            joins=self.blinder.blind(b"mark", kind.encode(), canonical),
            alone=self.blinder.blind(b"mark alone", kind.encode(), canonical),
        )
