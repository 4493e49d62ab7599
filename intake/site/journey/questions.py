"""What a question is made of, so that one template shows them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Radios:
    """One of `choices`, each a value and its words."""

    kind: ClassVar = "radios"

    name: str
    choices: Choices


@dataclass(frozen=True, slots=True)
class Ticks:
    """Any of `choices`, each a field of its own and its words."""

    kind: ClassVar = "ticks"

    choices: Choices


@dataclass(frozen=True, slots=True)
class Countries:
    """The list of countries."""

    kind: ClassVar = "countries"

    name: str = "country"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `autocomplete` is a token of WCAG 1.3.5, for what a browser may know of its owner."""

    kind: ClassVar = "line"

    name: str
    label: str = ""
    hint: str = ""
    type: str = "text"
    dir: str = "auto"
    autocomplete: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Text of any length."""

    kind: ClassVar = "lines"

    name: str
    rows: int = 8


Control = Radios | Ticks | Countries | Line | Lines


@dataclass(frozen=True, slots=True)
class Question:
    """One page's: its words, and what it is answered with. Only a control among others has a label of its own."""

    heading: str
    hint: str
    controls: Sequence[Control]

    @property
    def is_one_field(self) -> bool:
        """Whether the heading is the label of a text field."""
        return len(self.controls) == 1 and self.controls[0].kind in ("lines", "countries")


Questions = Mapping[str, Question]
