"""What has been read of a document so far, and how a line is told from another by the words it begins with."""

from dataclasses import dataclass, field

from triage.routing.document import Example, Fallback, Problem, Rule
from triage.routing.lines import Item, Line
from triage.routing.meant import meant
from triage.routing.values import sets_known


@dataclass
class Reading:
    """What has been read so far; the last rule or example of its list is the one that goes on."""

    rules: list[Rule] = field(default_factory=list)
    fallbacks: list[Fallback] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    queues: list[Item] = field(default_factory=list)
    sets: dict[str, frozenset[str]] = field(default_factory=sets_known)
    problems: list[Problem] = field(default_factory=list)
    named: dict[str, dict[str, int]] = field(default_factory=lambda: {"rule": {}, "example": {}})
    has_end: bool = False
    block: str = ""

    def trouble(self, line: int, what: str, fix: str = "") -> None:
        self.problems.append(Problem(line, what, fix))


def start_of(text: str, starts: tuple[str, ...]) -> str:
    """The words a line begins with, or nothing; no word is the beginning of another."""
    small = text.lower()
    return next((start for start in starts if small == start or small.startswith(f"{start} ")), "")


def unknown(reading: Reading, line: Line, starts: tuple[str, ...]) -> None:
    typed = line.text.partition(":")[0]
    words = " ".join(typed.split()[:2]) or typed
    what = f"This line begins with {words!r}, which says nothing here."
    fix = meant(words, starts) or meant(words.split()[0], starts)
    reading.trouble(line.number, what, fix or f"A line begins with {', '.join(starts)}.")
