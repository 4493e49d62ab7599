"""How well identifiers are found: a table of cases, and precision and recall on it."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.details import NOTHING
from core.settings import ROOT
from triage.reading.read import Hints, read

TABLE = ROOT / "data/reading/identifiers.tsv"
GOOD = 0.98


@dataclass(frozen=True, slots=True)
class Case:
    """One text and what is to be found in it, as `kind=canonical`."""

    part: str
    group: str
    region: str
    text: str
    expected: frozenset[str]


@dataclass(slots=True)
class Score:
    """Counts by kind. `wrong` lists (case, missed, found though it is not there)."""

    right: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Case, frozenset[str], frozenset[str]]] = field(default_factory=list)

    @property
    def kinds(self) -> Sequence[str]:
        return sorted({*self.right, *self.missed, *self.extra})

    def precision(self, kind: str | None = None) -> float:
        """The share of what was found that is there, of one kind or of all."""
        return _share(_count(self.right, kind), _count(self.extra, kind))

    def recall(self, kind: str | None = None) -> float:
        """The share of what is there that was found."""
        return _share(_count(self.right, kind), _count(self.missed, kind))


def read_table() -> Sequence[Case]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [_case(line.split("\t")) for line in lines if line and not line.startswith("#")]


def score(cases: Iterable[Case]) -> Score:
    """Read every case as a report's own words and compare."""
    total = Score()
    for case in cases:
        reading = read({"what": case.text}, NOTHING, Hints(country=case.region))
        found = frozenset(f"{one.kind}={one.canonical}" for one in reading.identifiers)
        missed, extra = case.expected - found, found - case.expected
        total.right.update(map(_kind, case.expected & found))
        total.missed.update(map(_kind, missed))
        total.extra.update(map(_kind, extra))
        if missed or extra:
            total.wrong.append((case, missed, extra))
    return total


def _case(columns: Sequence[str]) -> Case:
    part, group, region, text, expected = columns
    words = frozenset() if expected == "-" else frozenset(expected.split())
    return Case(part, group, region.strip("-"), json.loads(f'"{text}"'), words)


def _kind(found: str) -> str:
    return found.partition("=")[0]


def _count(counter: Counter[str], kind: str | None) -> int:
    return counter.total() if kind is None else counter[kind]


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 1.0
