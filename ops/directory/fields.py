"""What a row of the directory says: each field's name, what may stand in it, and how it is spelled in one line."""

import json
from collections.abc import Callable, Mapping

from core.errors import WrongWay
from core.vocabulary import Accepted, AgencyKind
from ops.directory import values
from ops.directory.values import WORLD, WrongValue
from triage.deadlines import WrongHours
from triage.routing.meant import meant

Row = dict[str, object]
"""A row without its code; what is not known is not in it. Without a country it answers for the whole world."""


def clean(field: str, value: object) -> object:
    """As it is stored, or None for what is not known. Raises WrongValue, in one sentence."""
    if field not in FIELDS:
        raise WrongValue(f"There is no field {field!r}. {meant(field, FIELDS)}".rstrip())
    if value is None or value == "" or value == []:
        if field in NEEDED:
            raise WrongValue(f"{field}: this must be there.")
        return None
    try:
        return FIELDS[field](value)
    except (WrongValue, WrongWay, WrongHours) as wrong:
        raise WrongValue(f"{field}: {wrong}") from None


def from_text(field: str, text: str) -> object:
    """The same, of what stands in a cell or was typed: values of a list between commas, yes or no, nothing."""
    text = text.strip()
    if field == "country" and not text:
        raise WrongValue(f"country: this must be there. For the whole world it is {WORLD}.")
    if field in LISTS:
        return clean(field, [one.strip() for one in text.split(",") if one.strip()])
    if field in OBJECTS and text:
        try:
            return clean(field, json.loads(text))
        except ValueError:
            raise WrongValue(f"{field}: This is no JSON.") from None
    return clean(field, text)


def to_text(field: str, value: object) -> str:
    """What `from_text` reads."""
    if field == "country":
        return str(value or WORLD)
    if value is None:
        return ""
    if field in LISTS and isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if field in OBJECTS else str(value)


FIELDS: Mapping[str, Callable[[object], object]] = {
    "country": values.country,
    "name": values.line_of(200),
    "kind": values.one_of(AgencyKind),
    "report_url": values.web_address,
    "report_url_source": values.line_of(500),
    "website": values.web_address,
    "phone": values.phone,
    "phone_source": values.line_of(500),
    "email": values.email,
    "languages": values.each(values.language),
    "anonymous": values.yes_no,
    "accepts": values.each(values.one_of(Accepted)),
    "accepts_source": values.line_of(500),
    "operator": values.line_of(200),
    "scope": values.line_of(40),
    "note": values.line_of(2_000),
    "source": values.line_of(500),
    "checked": values.day,
    "way": values.way,
    "hours": values.hours,
}
COLUMNS = ("country", "name", "kind")
OBJECTS = ("way", "hours")
LISTS = ("languages", "accepts")
NEEDED = ("name", "kind", "source")
PUBLIC = frozenset(
    {"country", "name", "kind", "report_url", "website", "phone", "email", "languages", "anonymous", "accepts"}
)
"""What people are told of an agency. Whoever checks an entry checks this."""
