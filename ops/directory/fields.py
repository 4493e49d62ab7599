"""What a row of the directory says: each field's name, what may stand in it, and how it is spelled in one line."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec
from babel import Locale

from core.countries import CODES, REGIONS
from core.errors import HotlineError, WrongWay
from core.vocabulary import Accepted, AgencyKind
from triage.deadlines import Calendar, Hours, WrongHours
from triage.referrals.ways import AnyWay, Console, check_address
from triage.routing.meant import meant

Row = dict[str, object]
"""A row without its code; what is not known is not in it. Without a country it answers for the whole world."""

WORLD = "world"
YES_NO = {"yes": True, "no": False, True: True, False: False}
LANGUAGES = frozenset(Locale("en").languages)
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no fact needs: controls, and marks that make text look like other text."""


class WrongValue(HotlineError):
    """This cannot stand in that field."""


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


def _text(longest: int) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not 0 < len(text) <= longest or UNSEEN.search(text):
            raise WrongValue(f"This is one line of text, of {longest} characters at most.")
        return text

    return read


def _one_of(words: type[StrEnum]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in list(words):
            raise WrongValue(f"{value!r} is none of {', '.join(words)}.")
        return str(value)

    return read


def _each(read: Callable[[object], str]) -> Callable[[object], list[str]]:
    def read_all(value: object) -> list[str]:
        if not isinstance(value, list):
            raise WrongValue("This is a list.")
        return list(dict.fromkeys(map(read, value)))

    return read_all


def _country(value: object) -> str | None:
    if value == WORLD:
        return None
    if not isinstance(value, str) or value not in CODES | REGIONS.keys():
        raise WrongValue(f"{value!r} is no country. One looks like IT; EU and {WORLD} are there too.")
    return value


def _web(value: object) -> str:
    text = _text(500)(value)
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("https", "http") and parts.hostname and not (parts.username or parts.password)
    except ValueError:
        right = False
    if not right or " " in text:
        raise WrongValue("A web address looks like https://agency.example/report.")
    return text


def _phone(value: object) -> str:
    text = _text(60)(value)
    if not re.search(r"\d", text):
        raise WrongValue("A number to call has digits.")
    return text


def _email(value: object) -> str:
    text = _text(254)(value)
    check_address(text)
    return text


def _language(value: object) -> str:
    if not isinstance(value, str) or value.replace("-", "_") not in LANGUAGES:
        raise WrongValue(f"{value!r} is no language. One looks like it or zh-Hans.")
    return value.replace("_", "-")


def _yes_no(value: object) -> bool:
    if not isinstance(value, str | bool) or value not in YES_NO:
        raise WrongValue("This is yes or no, or nothing when it is not known.")
    return YES_NO[value]


def _day(value: object) -> str:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else date.max
    except ValueError:
        day = date.max
    if day > datetime.now(UTC).date() + timedelta(days=1):  # where it is tomorrow already
        raise WrongValue("This is a day that has been, like 2026-11-22.")
    return day.isoformat()


def _way(value: object) -> Mapping[str, object] | None:
    """To read here is no way of its own: it comes with being connected."""
    try:
        way: AnyWay = msgspec.convert(value, AnyWay)
    except msgspec.ValidationError:
        raise WrongValue("This is no way to receive; `hotline agency route` tells what there is.") from None
    way.check()
    return None if isinstance(way, Console) else msgspec.to_builtins(way)


def _hours(value: object) -> Mapping[str, object]:
    hours = Hours.of(value)
    Calendar.of(hours)
    stored: Mapping[str, object] = msgspec.to_builtins(hours)
    return stored


FIELDS: Mapping[str, Callable[[object], object]] = {
    "country": _country,
    "name": _text(200),
    "kind": _one_of(AgencyKind),
    "report_url": _web,
    "report_url_source": _text(500),
    "website": _web,
    "phone": _phone,
    "phone_source": _text(500),
    "email": _email,
    "languages": _each(_language),
    "anonymous": _yes_no,
    "accepts": _each(_one_of(Accepted)),
    "accepts_source": _text(500),
    "operator": _text(200),
    "scope": _text(40),
    "note": _text(2_000),
    "source": _text(500),
    "checked": _day,
    "way": _way,
    "hours": _hours,
}
COLUMNS = ("country", "name", "kind")
OBJECTS = ("way", "hours")
LISTS = ("languages", "accepts")
NEEDED = ("name", "kind", "source")
PUBLIC = frozenset(FIELDS) - {"note", "checked", *OBJECTS}
"""What people see of an agency, and where it was read. Who checked it checked this."""
