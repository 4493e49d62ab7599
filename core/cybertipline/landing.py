"""Where each element of a report lands: the field that staff, ranking and routing read. The rest is a line of the note.

Everything is kept besides, in the source as it came; this is what can be worked with.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.cybertipline.grammar.shapes import Element, Shape
from core.cybertipline.node import Node
from core.vocabulary import Side

NOTE = "note"
SIDES = {
    "personOrUserReported": Side.REPORTED,
    "intendedRecipient": Side.OTHER,
    "victim": Side.CHILD,
    "associatedAccount": Side.OTHER,
}
"""Elements that become an account of their own."""

_PERSONS = frozenset({"personOrUserReportedPerson", "intendedRecipientPerson", "victimPerson"})
_WITH_CONTENT = ("emailIncident", "newsgroupIncident", "chatImIncident", "onlineGamingIncident")
_INCIDENTS = (*_WITH_CONTENT, "webPageIncident", "cellPhoneIncident", "nonInternetIncident", "peer2peerIncident")
IN_REPORT = {
    "incidentSummary/platform": "service",
    "incidentSummary/escalateToHighPriority": "urgency",
    "incidentSummary/incidentDateTime": "happened",
    "reporter/reportingPerson/email": "contact",
    "reporter/reportingPerson/phone": "contact",
    "reporter/contactPerson/email": "contact",
    "reporter/contactPerson/phone": "contact",
    "internetDetails/webPageIncident/url": "urls",
    "internetDetails/chatImIncident/chatRoomName": "conversation",
    **{f"internetDetails/{kind}/content": "what" for kind in _WITH_CONTENT},
    **{f"internetDetails/{kind}/additionalInfo": "what" for kind in _INCIDENTS},
    "additionalInfo": "what",
}
IN_ACCOUNT = {
    "espIdentifier": "id",
    "espService": "service",
    "platform": "service",
    "screenName": "handle",
    "displayName": "names",
    "profileUrl": "urls",
    "email": "emails",
    "person/email": "emails",
    "phone": "phones",
    "person/phone": "phones",
    "ipCaptureEvent": "seen",
    "deviceId": "devices",
    "estimatedLocation/countryCode": "country",
}
IN_FILE = {
    "reportId": "",
    "fileId": "",
    "fileName": "name",
    "originalFileName": "name",
    "locationOfFile": "url",
    "originalFileHash": "hashes",
}
WHOLE = frozenset({"seen", "devices", "hashes", "phones"})
"""Fields that take an element with all that is in it and on it."""


@dataclass(frozen=True, slots=True)
class Landed:
    """An element that landed in a field; `path` is how it is called in a note."""

    field: str
    path: str
    node: Node


def land(node: Node, shape: Shape, fields: dict[str, str], path: str = "") -> Iterator[Landed]:
    """Each part of this element and where it lands, in document order; accounts within it are left out."""
    for child in node.children:
        if child.name not in SIDES:
            yield from _landed(child, shape.known[child.name], fields, _below(path, child.name))


def _landed(node: Node, element: Element, fields: dict[str, str], path: str) -> Iterator[Landed]:
    field = fields.get(path, NOTE)
    if field in WHOLE:
        yield Landed(field, path, node)
        return
    if element.shape.text is not None:
        yield Landed(field, path, node)
        if field != NOTE and node.attributes:
            yield Landed(NOTE, path, node)
    elif not node.children or node.attributes:
        yield Landed(NOTE, path, node)
    yield from land(node, element.shape, fields, path)


def _below(path: str, name: str) -> str:
    """The person of an account is called so, whosever it is."""
    name = "person" if name in _PERSONS else name
    return f"{path}/{name}" if path else name


def line(landed: Landed) -> str:
    """`victim/schoolName: A school`, with its attributes behind; a flag alone is its name."""
    attributes = ", ".join(f"{name} {value}" for name, value in landed.node.attributes.items())
    text = landed.node.text.strip()
    said = " ".join(filter(None, (text, f"({attributes})" if attributes else "")))
    return f"{landed.path}: {said}" if said else landed.path


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the table: an element or attribute by its whole path, and the field it lands in."""

    path: str
    field: str


def places(root: Element, fields: dict[str, str], whole: str) -> Iterator[Place]:
    """Every element and attribute below a root; `whole` names what the fields belong to."""
    yield from _places(root.shape, fields, root.name, "", whole)


def _places(shape: Shape, fields: dict[str, str], path: str, below: str, whole: str) -> Iterator[Place]:
    for element in shape.known.values():
        if element.name in SIDES:
            yield Place(f"{path}/{element.name}", "one of accounts")
            yield from _attribute_places(element.shape, f"{path}/{element.name}", "accounts: note")
            yield from _places(element.shape, IN_ACCOUNT, f"{path}/{element.name}", "", "accounts: ")
        else:
            yield from _place(element, fields, f"{path}/{element.name}", _below(below, element.name), whole)


def _place(element: Element, fields: dict[str, str], path: str, below: str, whole: str) -> Iterator[Place]:
    field = fields.get(below, NOTE)
    holds = element.shape.text is not None or field in WHOLE or not element.shape.parts
    yield Place(path, f"{whole}{field}" if holds and field else "")
    if field in WHOLE:
        yield from _inside(element.shape, path, f"{whole}{field}")
        return
    yield from _attribute_places(element.shape, path, f"{whole}{NOTE}")
    yield from _places(element.shape, fields, path, below, whole)


def _attribute_places(shape: Shape, path: str, field: str) -> Iterator[Place]:
    for attribute in shape.attributes:
        yield Place(f"{path}/@{attribute.name}", field)
        if attribute.also:
            yield Place(f"{path}/@{attribute.also}", field)


def _inside(shape: Shape, path: str, field: str) -> Iterator[Place]:
    yield from _attribute_places(shape, path, field)
    for element in shape.known.values():
        yield Place(f"{path}/{element.name}", field)
        yield from _inside(element.shape, f"{path}/{element.name}", field)
