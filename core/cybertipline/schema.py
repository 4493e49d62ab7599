"""The grammar as an XML Schema of our own, for whoever builds a client against this door."""

from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import quoteattr

from core.cybertipline.grammar import ROOTS
from core.cybertipline.grammar.kinds import OFFSET, Kind
from core.cybertipline.grammar.shapes import Attribute, Either, Element, Part, Shape

NOT_BLANK = r"[\s\S]*\S[\s\S]*"
ABOUT = (
    "What this door reads and answers. Rules between elements are beyond a schema; "
    "an answer with code 4100 says which one was not kept."
)


@cache
def schema() -> bytes:
    """The whole schema; its types are named and written once."""
    types = {name: "".join(lines) for name, lines in _types()}
    body = "".join((*(_element(root) for root in ROOTS), *types.values()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">\n'
        f"<xs:annotation><xs:documentation>{ABOUT}</xs:documentation></xs:annotation>\n{body}</xs:schema>\n"
    ).encode()


def _types() -> Iterator[tuple[str, Iterator[str]]]:
    """Every type in use by its name."""
    for shape in shapes():
        if shape.text is not None:
            yield shape.text.name, _simple(shape.text)
        if shape.text is None or shape.attributes:
            yield _name(shape), _complex(shape)
        for attribute in shape.attributes:
            yield attribute.kind.name, _simple(attribute.kind)


def shapes() -> Iterator[Shape]:
    """Every shape that is reached from a root; one that is used in two places comes twice."""
    waiting = [root.shape for root in ROOTS]
    while waiting:
        shape = waiting.pop()
        yield shape
        waiting.extend(element.shape for element in shape.known.values())


def _name(shape: Shape) -> str:
    """Text with attributes is another type than the text alone."""
    if shape.text is None or shape.attributes:
        return shape.name[0].upper() + shape.name[1:]
    return shape.text.name


def _simple(kind: Kind) -> Iterator[str]:
    yield f'<xs:simpleType name="{kind.name}"><xs:restriction base="xs:{kind.base}">'
    yield from (f"<xs:enumeration value={quoteattr(value)}/>" for value in kind.values)
    if kind.longest is not None:
        yield f'<xs:maxLength value="{kind.longest}"/>'
    if pattern := kind.pattern or (NOT_BLANK if kind.filled else "") or (OFFSET if kind.base == "dateTime" else ""):
        yield f"<xs:pattern value={quoteattr(pattern)}/>"
    if kind.least is not None:
        yield f'<xs:minInclusive value="{kind.least}"/><xs:maxInclusive value="{kind.most}"/>'
    yield "</xs:restriction></xs:simpleType>\n"


def _complex(shape: Shape) -> Iterator[str]:
    yield f'<xs:complexType name="{_name(shape)}">'
    attributes = "".join(_attribute(attribute) for attribute in shape.attributes)
    if shape.text is not None:
        yield f'<xs:simpleContent><xs:extension base="{shape.text.name}">{attributes}</xs:extension></xs:simpleContent>'
    elif shape.parts:
        yield f"<xs:{shape.order}>{''.join(_part(part) for part in shape.parts)}</xs:{shape.order}>"
        yield attributes
    else:
        yield attributes
    yield "</xs:complexType>\n"


def _part(part: Part) -> str:
    if isinstance(part, Either):
        return f'<xs:choice minOccurs="0">{"".join(_element(element) for element in part.elements)}</xs:choice>'
    return _element(part)


def _element(element: Element) -> str:
    least = "" if element.least == 1 else f' minOccurs="{element.least}"'
    most = "" if element.most == 1 else f' maxOccurs="{element.most or "unbounded"}"'
    fixed = f' fixed="{element.shape.text.fixed}"' if element.shape.text and element.shape.text.fixed else ""
    return f'<xs:element name="{element.name}" type="{_name(element.shape)}"{least}{most}{fixed}/>\n'


def _attribute(attribute: Attribute) -> str:
    use = ' use="required"' if attribute.required else ""
    names = (attribute.name, attribute.also) if attribute.also else (attribute.name,)
    return "".join(f'<xs:attribute name="{name}" type="{attribute.kind.name}"{use}/>' for name in names)
