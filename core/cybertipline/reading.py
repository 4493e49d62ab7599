"""Reading XML that a stranger wrote: no document type, so no entities; UTF-8 only; everything bounded.

What it hands out is our own small tree. libxml2 gets the bytes in pieces, so that the first piece that breaks
a bound is the last one it sees.
"""

import codecs
import inspect
import re
from dataclasses import dataclass

from lxml import etree

from core.cybertipline.node import Node

BYTES = 2 * 1024 * 1024
ELEMENTS = 20_000
DEPTH = 16  # the grammar needs five
ATTRIBUTES = 16
PIECE = 64 * 1024

DECLARATION = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
PROLOG = re.compile(rb"(?:\s++|<!--(?:(?!--).)*+-->|<\?(?:(?!\?>).)*+\?>)*+<[^!?]", re.DOTALL)
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
HINTS = frozenset({f"{XSI}noNamespaceSchemaLocation", f"{XSI}schemaLocation"})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why this is no XML that is read here; it repeats nothing of what was sent."""

    why: str


class _BeyondBounds(Exception):
    """Stops the parser; it never leaves this module."""


class _Builder:
    """What libxml2 tells of the document, as nodes."""

    def __init__(self) -> None:
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._elements = 0
        self._root: Node | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > ELEMENTS or len(self._open) >= DEPTH or len(attributes) > ATTRIBUTES:
            raise _BeyondBounds
        node = Node(tag, {name: value for name, value in attributes.items() if name not in HINTS})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)
        self._texts.append([])

    def end(self, tag: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def data(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def doctype(self, *_: object) -> None:
        raise _BeyondBounds

    def close(self) -> Node | None:
        return self._root


# lxml looks at the signature for each parser it makes; made once, that is half as much work for a short document
_Builder.start.__signature__ = inspect.signature(_Builder.start)  # type: ignore[attr-defined]  # PEP 362


def read(body: bytes) -> Node | Unreadable:
    """The document's root, or why it is refused."""
    if len(body) > BYTES:
        return Unreadable(f"more than {BYTES} bytes")
    body = body.removeprefix(codecs.BOM_UTF8)
    return _unsafe(body) or _parsed(body)


def _unsafe(body: bytes) -> Unreadable | None:
    """What is refused before any parser sees it."""
    declared = DECLARATION.match(body)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        return Unreadable("only UTF-8 is read")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable("not UTF-8")
    if "\x00" in text:
        return Unreadable("not UTF-8 text")
    if not PROLOG.match(body):
        return Unreadable("no element comes first, or a document type does")
    return None


def _parsed(body: bytes) -> Node | Unreadable:
    parser = etree.XMLParser(
        target=_Builder(),  # type: ignore[arg-type]  # the stubs know neither doctype nor that text is str
        encoding="utf-8",
        # the five of XML itself: without a document type there are no others
        resolve_entities="internal",  # type: ignore[arg-type]  # newer than the stubs
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for start in range(0, len(body), PIECE):
            parser.feed(body[start : start + PIECE])
        root: object = parser.close()
    except _BeyondBounds:
        return Unreadable("too many elements or attributes, too deep, or a document type")
    except etree.XMLSyntaxError:
        return Unreadable("not well-formed XML")
    if len(parser.feed_error_log):  # a prefix that was never declared stops no parser
        return Unreadable("not well-formed XML")
    assert isinstance(root, Node)  # the builder's own
    return root
