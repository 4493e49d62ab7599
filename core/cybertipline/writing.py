"""Writing what was read, in NCMEC's own spelling: what comes out is valid by its schema."""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from core.cybertipline.grammar.shapes import Element, Shape
from core.cybertipline.grammar.words import ACCOUNT_TYPE
from core.cybertipline.node import Node

SCHEMA = "https://report.cybertip.org/ispws/xsd"
HINT = f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{SCHEMA}"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
STANDALONE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_IN_TEXT = {"\r": "&#13;"}
_IN_ATTRIBUTES = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_UNKNOWN_ACCOUNT = {"type": ACCOUNT_TYPE.values[-1]}  # NCMEC's schema wants a type, its document does not


def write(root: Node, element: Element) -> str:
    """The document, every element and attribute in the order it was read; comments are not part of it."""
    return HEAD + "".join(_written(root, element.shape, HINT)) + "\n"


def plain(root: Node) -> str:
    """A document of ours: elements that hold text or elements, and no attributes."""
    return STANDALONE + "".join(_plain(root)) + "\n"


def _plain(node: Node) -> Iterator[str]:
    yield f"<{node.name}>{escape(node.text)}"
    for child in node.children:
        yield from _plain(child)
    yield f"</{node.name}>"


def _written(node: Node, shape: Shape, hint: str = "") -> Iterator[str]:
    attributes = "".join(f' {name}="{escape(value, _IN_ATTRIBUTES)}"' for name, value in _named(node, shape).items())
    inside = escape(_said(node, shape), _IN_TEXT)
    if not inside and not node.children:
        yield f"<{node.name}{hint}{attributes}/>"
        return
    yield f"<{node.name}{hint}{attributes}>{inside}"
    for child in node.children:
        yield from _written(child, shape.known[child.name].shape)
    yield f"</{node.name}>"


def _said(node: Node, shape: Shape) -> str:
    """Its text; what can only be true is spelled so, because some validators compare it by letters."""
    if shape.text is None:
        return ""
    return shape.text.fixed if shape.text.fixed and node.text.strip() else node.text


def _named(node: Node, shape: Shape) -> Mapping[str, str]:
    """The attributes under the names of NCMEC's schema."""
    names = {attribute.also: attribute.name for attribute in shape.attributes if attribute.also}
    named = {names.get(name, name): value for name, value in node.attributes.items()}
    return _UNKNOWN_ACCOUNT | named if shape.name == "associatedAccount" else named
