"""A document of rules, read: every part knows the line it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from triage.routing.facts import Facts
from triage.routing.fields import Field
from triage.routing.lines import Item

OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right, and how."""

    line: int
    what: str
    fix: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" + (f" {self.fix}" if self.fix else "")


@dataclass(frozen=True, slots=True)
class Condition:
    """`when FIELD is VALUES`: one of them; with `is not`: none of them. `unknown` stands for no value at all."""

    field: Field
    values: frozenset[str]
    is_not: bool
    line: int


class Whose(StrEnum):
    """Targets that depend on the report, as rules spell them."""

    COUNTRY = "the agency of the country"
    HOSTING = "the agency of the hosting country"
    HOTLINE = "the hotline"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: an agency's code, or words for whichever it is."""

    name: str
    line: int

    @property
    def depends(self) -> bool:
        """Whether there may be no such agency for some report."""
        return self.name in (Whose.COUNTRY, Whose.HOSTING)

    @property
    def is_agency(self) -> bool:
        return self.name not in set(Whose)


@dataclass(frozen=True, slots=True)
class Rule:
    """When all its conditions hold the first target that can receive is the owner."""

    name: str
    line: int
    conditions: tuple[Condition, ...] = ()
    targets: tuple[Target, ...] = ()
    refers: tuple[Target, ...] = ()
    queue: Item | None = None
    floor: int | None = None
    notify: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Fallback:
    """Where that goes what one agency refuses."""

    agency: str
    line: int
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One of the golden set: these facts must reach this agency."""

    name: str
    line: int
    facts: Facts
    goes_to: Target


@dataclass(frozen=True, slots=True)
class Document:
    """Rules in their order; `otherwise` is the last of them and has no condition."""

    rules: tuple[Rule, ...]
    fallbacks: tuple[Fallback, ...] = ()
    examples: tuple[Example, ...] = ()


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.line)
