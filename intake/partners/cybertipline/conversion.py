"""A report of the form, as one of ours: the fields that staff, ranking and routing read, and the source whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from core.accounts import Account, File, Sighting
from core.countries import CODES
from core.cybertipline.grammar.files import FILE_DETAILS
from core.cybertipline.grammar.kinds import day, moment
from core.cybertipline.grammar.report import REPORT
from core.cybertipline.grammar.shapes import Shape
from core.cybertipline.grammar.words import INCIDENT_TYPE
from core.cybertipline.landing import IN_ACCOUNT, IN_FILE, IN_REPORT, NOTE, SIDES, Landed, land, line
from core.cybertipline.node import Node
from core.details import Details
from core.vocabulary import Age, Channel, Danger, Kind, Risk
from intake.submission import Submission

LANGUAGE = "en"
BANDS = ((13, Age.UNDER_13), (16, Age.FROM_13_TO_15), (18, Age.FROM_16_TO_17))
KINDS = dict(
    zip(
        INCIDENT_TYPE.values,
        (
            Kind.PICTURES,
            Kind.UNSURE,
            Kind.UNSURE,
            Kind.UNSURE,
            Kind.PAGE,
            Kind.PAGE,
            Kind.CONTACT,
            Kind.CONTACT,
        ),
        strict=True,
    )
)

Fields = Mapping[str, Sequence[Landed]]


def submission_of(report: Node, document: str, partner: UUID, number: int) -> Submission:
    """The report in the clear. It was checked; `document` is what came, `number` what its partner calls it."""
    fields = _fields(report, REPORT.shape, IN_REPORT)
    accounts = tuple(_accounts(report, REPORT.shape))
    urls = tuple(_texts(fields, "urls"))
    return Submission(
        language=LANGUAGE,
        country=next(_countries(report), None),
        danger=Danger.YES if fields.get("urgency") else Danger.UNSAID,
        what="\n\n".join(_texts(fields, "what")),
        link=urls[0] if urls else "",
        contact="\n".join(line(one) for one in fields.get("contact", ())),
        channel=Channel.CYBERTIPLINE,
        details=_details(report, fields, accounts, urls, number),
        partner=partner,
        source=document,
    )


def _details(
    report: Node, fields: Fields, accounts: tuple[Account, ...], urls: tuple[str, ...], number: int
) -> Details:
    return Details(
        kind=KINDS[report.said("incidentSummary", "incidentType")],
        age=_age(report),
        risks=(Risk.THREAT,) if report.has("incidentSummary", "reportAnnotations", "sextortion") else (),
        service=_first(fields, "service") or next((one.service for one in accounts if one.service), ""),
        conversation="; ".join(_texts(fields, "conversation")),
        happened=_first(fields, "happened"),
        urgency=_first(fields, "urgency"),
        reference=str(number),
        accounts=accounts,
        urls=urls[1:],
        child_country=next(_child_countries(report), ""),
        note=_note(fields),
    )


def file_of(details: Node) -> File:
    """What was said of a file, in the fields that can be worked with."""
    fields = _fields(details, FILE_DETAILS.shape, IN_FILE)
    hashes = {
        f"original {one.node.attributes['hashType'].strip().lower()}": one.node.text.strip()
        for one in fields.get("hashes", ())
    }
    return File(hashes=hashes, name="; ".join(_texts(fields, "name")), url=_first(fields, "url"), note=_note(fields))


def _accounts(node: Node, shape: Shape) -> Iterator[Account]:
    """Every account within, each followed by those that go with it."""
    for child in node.children:
        if child.name in SIDES:
            inside = shape.known[child.name].shape
            yield _account(child, inside)
            yield from _accounts(child, inside)


def _account(node: Node, shape: Shape) -> Account:
    fields = _fields(node, shape, IN_ACCOUNT)
    return Account(
        side=SIDES[node.name],
        service="; ".join(_texts(fields, "service")),
        id=_first(fields, "id"),
        handle=_first(fields, "handle"),
        names=tuple(_texts(fields, "names")),
        emails=tuple(_texts(fields, "emails")),
        phones=tuple(_phone(one.node) for one in fields.get("phones", ())),
        urls=tuple(_texts(fields, "urls")),
        devices=tuple(_device(one.node) for one in fields.get("devices", ())),
        seen=tuple(_sighting(one.node) for one in fields.get("seen", ())),
        country=_first(fields, "country"),
        note="\n".join(filter(None, (*_on(node), _note(fields)))),
    )


def _on(node: Node) -> Iterator[str]:
    """The attributes of the account's own element."""
    if node.attributes:
        yield line(Landed(NOTE, node.name, Node(node.name, node.attributes)))


def _sighting(node: Node) -> Sighting:
    proxy = "possible proxy" if node.said("possibleProxy") in ("true", "1") else ""
    port = node.said("port")
    return Sighting(
        ip=node.said("ipAddress"),
        at=node.said("dateTime"),
        port=int(port) if port else None,
        event=", ".join(filter(None, (node.said("eventName"), proxy))),
    )


def _device(node: Node) -> str:
    """`IMEI 17, Login, 2026-11-01T10:00:00Z`"""
    named = f"{node.said('idType')} {node.said('idValue')}"
    return ", ".join(filter(None, (named, node.said("eventName"), node.said("dateTime"))))


def _phone(node: Node) -> str:
    """`+44 1632 960017 ext. 17 (Mobile, verified true)`"""
    given = dict(node.attributes)
    code, extension = given.pop("countryCallingCode", ""), given.pop("extension", "")
    number = " ".join(filter(None, (code, node.text.strip(), f"ext. {extension}" if extension else "")))
    more = ", ".join(value if name == "type" else f"{name} {value}" for name, value in given.items())
    return f"{number} ({more})" if more else number


def _age(report: Node) -> Age | None:
    """The band of the first victim's age, or of what their birthday makes it on the day it happened."""
    for person in report.all("victim", "victimPerson"):
        years = _years(person, report)
        if years is not None:
            return next((band for below, band in BANDS if years < below), Age.ADULT)
    return None


def _years(person: Node, report: Node) -> int | None:
    if age := person.said("age"):
        return int(age)
    born, happened = day(person.said("dateOfBirth")), moment(report.said("incidentSummary", "incidentDateTime"))
    return _between(born, happened.date()) if born and happened else None


def _between(born: date, then: date) -> int:
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _countries(report: Node) -> Iterator[str]:
    """Where it belongs: with the child first, then with whoever is reported."""
    yield from _child_countries(report)
    yield from _countries_of(report, "personOrUserReported", "personOrUserReportedPerson")


def _child_countries(report: Node) -> Iterator[str]:
    return _countries_of(report, "victim", "victimPerson")


def _countries_of(report: Node, account: str, person: str) -> Iterator[str]:
    """Countries of today only: a proxy is nowhere."""
    for one in report.all(account):
        found = (*one.all(person, "address", "country"), *one.all("estimatedLocation", "countryCode"))
        yield from (node.text for node in found if node.text in CODES)


def _fields(node: Node, shape: Shape, fields: dict[str, str]) -> Fields:
    found: dict[str, list[Landed]] = {}
    for landed in land(node, shape, fields):
        found.setdefault(landed.field, []).append(landed)
    return found


def _texts(fields: Fields, name: str) -> Iterable[str]:
    return (text for one in fields.get(name, ()) if (text := one.node.text.strip()))


def _first(fields: Fields, name: str) -> str:
    return next(iter(_texts(fields, name)), "")


def _note(fields: Fields) -> str:
    return "\n".join(line(one) for one in fields.get(NOTE, ()))
