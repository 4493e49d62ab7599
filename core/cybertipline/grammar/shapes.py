"""What the grammar is written with: elements, the order they stand in, attributes, and rules between them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from core.cybertipline.grammar.kinds import Kind
from core.cybertipline.node import Node

Rule = Callable[[Node], str]
"""What is wrong between the parts of one element, in words that repeat none of them; nothing when they fit."""


class Order(StrEnum):
    """How the parts of an element stand: in this order, in any order, or only one of them."""

    SEQUENCE = "sequence"
    ALL = "all"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Attribute:
    """`also` is another name it is read under, where NCMEC's document and schema disagree."""

    name: str
    kind: Kind
    required: bool = False
    also: str = ""


@dataclass(frozen=True)
class Element:
    """One element and how often it may stand here; `most` None is as often as one likes."""

    name: str
    shape: "Shape"
    least: int = 1
    most: int | None = 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True)
class Either:
    """At most one of these stands here."""

    elements: tuple[Element, ...]
    least: int = 0
    most: int = 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(element.name for element in self.elements)


Part = Element | Either


@dataclass(frozen=True)
class Shape:
    """What an element holds: text of a kind, or parts; `name` is its type's in the schema."""

    name: str
    parts: tuple[Part, ...] = ()
    text: Kind | None = None
    attributes: tuple[Attribute, ...] = ()
    order: Order = Order.SEQUENCE
    rules: tuple[Rule, ...] = ()

    @cached_property
    def known(self) -> Mapping[str, Element]:
        """The elements that may stand inside, by name, in their order."""
        return {element.name: element for element in self._elements()}

    @cached_property
    def named(self) -> Mapping[str, Attribute]:
        """The attributes by every name they are read under."""
        return {name: each for each in self.attributes for name in (each.name, each.also) if name}

    def _elements(self) -> Iterator[Element]:
        for part in self.parts:
            yield from part.elements if isinstance(part, Either) else (part,)


def _shape(of: Kind | Shape) -> Shape:
    return of if isinstance(of, Shape) else Shape(of.name, text=of)


def one(name: str, of: Kind | Shape) -> Element:
    """Exactly one."""
    return Element(name, _shape(of))


def maybe(name: str, of: Kind | Shape) -> Element:
    """None or one."""
    return Element(name, _shape(of), least=0)


def many(name: str, of: Kind | Shape) -> Element:
    """None or more."""
    return Element(name, _shape(of), least=0, most=None)


def some(name: str, of: Kind | Shape) -> Element:
    """One or more."""
    return Element(name, _shape(of), most=None)
