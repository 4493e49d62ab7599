"""Checking a document against the grammar. What is wrong is said by path and rule; no value is repeated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from core.cybertipline.grammar.shapes import Attribute, Element, Order, Part, Shape
from core.cybertipline.node import Node

MOST = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """Where it is, as a path of element names, and what it is."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path} {self.what}"


def check(root: Node, wanted: Element, now: datetime) -> Sequence[Problem]:
    """The first few problems; none for a document that is accepted."""
    if root.name != wanted.name:
        return [Problem("/", f"must be {wanted.name}")]
    return list(islice(_problems(root, wanted.shape, f"/{root.name}", now), MOST))


def _problems(node: Node, shape: Shape, path: str, now: datetime) -> Iterator[Problem]:
    yield from _attributes(node, shape, path, now)
    if shape.text is not None:
        yield from _text(node, shape, path, now)
    else:
        yield from _parts(node, shape, path, now)
    for rule in shape.rules:
        if what := rule(node):
            yield Problem(path, what)


def _text(node: Node, shape: Shape, path: str, now: datetime) -> Iterator[Problem]:
    assert shape.text is not None
    if node.children:
        yield Problem(path, "must hold text only")
    elif what := shape.text.wrong(node.text, now):
        yield Problem(path, what)


def _attributes(node: Node, shape: Shape, path: str, now: datetime) -> Iterator[Problem]:
    if not node.attributes and not shape.attributes:
        return
    known = shape.named
    for name, value in node.attributes.items():
        if name not in known:
            yield Problem(path, "has an attribute that is not known here")
        elif what := known[name].kind.wrong(value, now):
            yield Problem(f"{path}/@{name}", what)
    yield from (
        Problem(f"{path}/@{missing.name}", "is missing") for missing in shape.attributes if _lacks(node, missing)
    )


def _lacks(node: Node, attribute: Attribute) -> bool:
    return attribute.required and not {attribute.name, attribute.also} & node.attributes.keys()


def _parts(node: Node, shape: Shape, path: str, now: datetime) -> Iterator[Problem]:
    if node.text and not node.text.isspace():
        yield Problem(path, "must hold elements only")
    yield from ORDERS[shape.order](node, shape, path)
    for child in node.children:
        if element := shape.known.get(child.name):
            yield from _problems(child, element.shape, f"{path}/{child.name}", now)


def _in_sequence(node: Node, shape: Shape, path: str) -> Iterator[Problem]:
    children, at = node.children, 0
    for part in shape.parts:
        count = 0
        while at < len(children) and children[at].name in part.names and (part.most is None or count < part.most):
            count, at = count + 1, at + 1
        if count < part.least:
            yield Problem(f"{path}/{part.names[0]}", "is missing or not in its place")
    if at < len(children):
        yield _out_of_place(children[at], shape.parts, path)


def _in_any_order(node: Node, shape: Shape, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for child in node.children:
        if child.name in seen or not any(child.name in part.names for part in shape.parts):
            yield _out_of_place(child, shape.parts, path)
        seen.add(child.name)


def _only_one(node: Node, shape: Shape, path: str) -> Iterator[Problem]:
    if len(node.children) != 1:
        yield Problem(path, "must hold exactly one of its kinds")
    for child in node.children:
        if not any(child.name in part.names for part in shape.parts):
            yield _out_of_place(child, shape.parts, path)


def _out_of_place(child: Node, parts: Sequence[Part], path: str) -> Problem:
    """An unknown name is the sender's own word, so it is not repeated."""
    if any(child.name in part.names for part in parts):
        return Problem(f"{path}/{child.name}", "is out of order or there too often")
    return Problem(path, "has an element that is not known here")


ORDERS = {Order.SEQUENCE: _in_sequence, Order.ALL: _in_any_order, Order.CHOICE: _only_one}
