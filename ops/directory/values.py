"""What one value of a row may be, whether a file or a person said it: each reader gives it as it is stored.

They raise WrongValue, or the error of what they hold.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec
from babel import Locale

from core.countries import CODES, REGIONS
from core.errors import HotlineError
from triage.deadlines import Calendar, Hours, WrongHours
from triage.referrals.ways import AnyWay, Console, check_address

WORLD = "world"
YES_NO = {"yes": True, "no": False, True: True, False: False}
LANGUAGES = frozenset(Locale("en").languages)
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no fact needs: controls, and marks that make text look like other text."""


class WrongValue(HotlineError):
    """This cannot stand in that field."""


def line_of(longest: int) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not 0 < len(text) <= longest or UNSEEN.search(text):
            raise WrongValue(f"This is one line of text, of {longest} characters at most.")
        return text

    return read


def one_of(words: type[StrEnum]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in list(words):
            raise WrongValue(f"{_shown(value)} is none of {', '.join(words)}.")
        return str(value)

    return read


def each(read: Callable[[object], str]) -> Callable[[object], list[str]]:
    def read_all(value: object) -> list[str]:
        if not isinstance(value, list):
            raise WrongValue("This is a list.")
        return list(dict.fromkeys(map(read, value)))

    return read_all


def country(value: object) -> str | None:
    if value == WORLD:
        return None
    if not isinstance(value, str) or value not in CODES | REGIONS.keys():
        raise WrongValue(f"{_shown(value)} is no country. One looks like IT; EU and {WORLD} are there too.")
    return value


def web_address(value: object) -> str:
    text = line_of(500)(value)
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("https", "http") and parts.hostname and not (parts.username or parts.password)
    except ValueError:
        right = False
    if not right or " " in text:
        raise WrongValue("A web address looks like https://agency.example/report.")
    return text


def phone(value: object) -> str:
    text = line_of(60)(value)
    if not re.search(r"\d", text):
        raise WrongValue("A number to call has digits.")
    return text


def email(value: object) -> str:
    text = line_of(254)(value)
    check_address(text)
    return text


def language(value: object) -> str:
    if not isinstance(value, str) or value.replace("-", "_") not in LANGUAGES:
        raise WrongValue(f"{_shown(value)} is no language. One looks like it or zh-Hans.")
    return value.replace("_", "-")


def yes_no(value: object) -> bool:
    if not isinstance(value, str | bool) or value not in YES_NO:
        raise WrongValue("This is yes or no, or nothing when it is not known.")
    return YES_NO[value]


def day(value: object) -> str:
    try:
        named = date.fromisoformat(value) if isinstance(value, str) else date.max
    except ValueError:
        named = date.max
    if named > datetime.now(UTC).date() + timedelta(days=1):  # where it is tomorrow already
        raise WrongValue("This is a day that has been, like 2026-11-22.")
    return named.isoformat()


def way(value: object) -> Mapping[str, object] | None:
    """To read here is no way of its own: it comes with being connected."""
    try:
        read: AnyWay = msgspec.convert(value, AnyWay)
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise WrongValue("This is no way to receive; `hotline agency route` tells what there is.") from None
    _only(value, ("by", *read.__struct_fields__))
    read.check()
    return None if isinstance(read, Console) else as_json(read)


def hours(value: object) -> Mapping[str, object]:
    try:
        read = Hours.of(value)
    except UnicodeEncodeError:
        raise WrongHours from None
    _only(value, read.__struct_fields__)
    Calendar.of(read)
    return as_json(read)


def as_json(value: msgspec.Struct) -> dict[str, object]:
    """As the database gives it back."""
    stored: dict[str, object] = msgspec.json.decode(msgspec.json.encode(value))
    return stored


def _only(value: object, known: Collection[str]) -> None:
    if isinstance(value, Mapping) and (strange := [name for name in value if name not in known]):
        raise WrongValue(f"There is no {_shown(strange[0])} in it.")


def _shown(value: object) -> str:
    return repr(str(value)[:40])
