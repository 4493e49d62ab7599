"""Documents for tests, invented and gentle; the fullest ones are made from the grammar itself."""

from datetime import UTC, datetime
from pathlib import Path

from core.cybertipline.grammar.files import FILE_DETAILS
from core.cybertipline.grammar.kinds import Kind
from core.cybertipline.grammar.report import REPORT
from core.cybertipline.grammar.shapes import Either, Element, Order, Part, Shape
from core.cybertipline.node import Node
from core.cybertipline.reading import read
from core.settings import ROOT

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MOMENT = "2026-11-01T10:00:00+01:00"
TYPE = "Online Enticement of Children for Sexual Acts"

WHEN = f"<incidentDateTime>{MOMENT}</incidentDateTime>"
SUMMARY = f"<incidentSummary><incidentType>{TYPE}</incidentType>{WHEN}</incidentSummary>"
REPORTER = "<reporter><reportingPerson><email>desk@messenger.example</email></reportingPerson></reporter>"
REPORTED = "<personOrUserReported><espIdentifier>user-17</espIdentifier></personOrUserReported>"
BATCH = '<batchedReport reason="VIRAL_POTENTIAL_MEME"/>'

BY_NAME = {
    "address4or6": ("192.0.2.17", "2001:db8::17"),
    "mailbox": ("ada@mail.example", "ben@mail.example"),
    "url2083": ("https://messenger.example/rooms/17", "https://messenger.example/users/17?a=1&b=2"),
    "callingCode": ("+44", "+1"),
    "extension": ("17", "18"),
}
BY_BASE = {
    "string": ('It\'s 5 < 6 & "quoted"\n second line é 漢字 🐚', " with  space around "),
    "token": ("b0754af766b426f2928a02c651ed4b99", "c0754af766b426f2928a02c651ed4b99"),
    "boolean": ("true", "1"),
    "int": ("17", "18"),
    "long": ("4564654", "-9223372036854775808"),
    "double": ("51.5", "-0.12e1"),
    "dateTime": (MOMENT, "2026-11-02T09:00:00.1234567Z"),
    "date": ("2014-02-28", "2013-02-28Z"),
}
LEFT_OUT = {"approximateAge", "potentialMeme"}
"""What may not stand beside something else that is there."""


def reference() -> Path | None:
    """NCMEC's own schema, where somebody has put it beside the project. It is no part of the project."""
    places = (folder / "shared/reference/cybertipline.xsd" for folder in ROOT.parents)
    return next((place for place in places if place.is_file()), None)


def a_report(middle: str = "", after: str = REPORTED, before: str = "", summary: str = SUMMARY) -> bytes:
    return f"<report>{before}{summary}{middle}{REPORTER}{after}</report>".encode()


def file_details(
    inside: str = "", report: int | str = 4564654, file: str = "b0754af766b426f2928a02c651ed4b99"
) -> bytes:
    return f"<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId>{inside}</fileDetails>".encode()


def as_node(document: bytes) -> Node:
    found = read(document)
    assert isinstance(found, Node)
    return found


def maximal_report() -> Node:
    """Every element and every attribute, whatever may stand twice does."""
    report = _made(REPORT, 0)
    report.children = [child for child in report.children if child.name != "batchedReport"]
    reported = [child for child in report.children if child.name == "personOrUserReported"]
    report.children.remove(reported[1])
    for place in report.named("estimatedLocation"):
        place.children[1].text, place.children[2].text = "CA", "US"
    for account in report.named("accountTemporarilyDisabled"):
        account.attributes["reenabledDate"] = "2026-11-20T10:00:00Z"
    for number in report.named("phone", "phoneNumber"):
        number.text = "020 7946 0017"
    return report


def maximal_batch() -> Node:
    """A batched report with everything it may have."""
    report = as_node(a_report(before=BATCH, after=REPORTED * 3))
    summary = _made(REPORT, 0).first("incidentSummary")
    assert summary
    summary.children = [child for child in summary.children if child.name != "escalateToHighPriority"]
    report.children[1] = summary
    return report


def maximal_file() -> Node:
    """Every element and attribute of file details."""
    return _made(FILE_DETAILS, 0)


def _made(element: Element, turn: int) -> Node:
    shape = element.shape
    node = Node(element.name, {attribute.name: _value(attribute.kind, turn) for attribute in shape.attributes})
    if shape.text is not None:
        node.text = _value(shape.text, turn)
        return node
    node.children = [child for part in shape.parts for child in _children(part, shape)]
    return node


def _children(part: Part, shape: Shape) -> list[Node]:
    if shape.order is Order.CHOICE:
        return []
    if isinstance(part, Either):
        return [_made(part.elements[-1], 0)]
    if part.name in LEFT_OUT and shape.name != "fileAnnotations":
        return []
    if part.shape.order is Order.CHOICE:
        return [Node(part.name, children=[_made(kind, 0)]) for kind in part.shape.known.values()]
    return [_made(part, turn) for turn in range(1 if part.most == 1 else 2)]


def _value(kind: Kind, turn: int) -> str:
    if kind.values:
        return next(value for value in kind.values if value)
    text = (BY_NAME.get(kind.name) or BY_BASE[kind.base])[turn]
    return text[: kind.longest]
