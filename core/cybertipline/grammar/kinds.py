"""Kinds of text: what a value must look like, said once for the check and for the schema."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

SKEW = timedelta(seconds=30)
"""How far a partner's clock may be ahead of ours and still be in the past."""

TRUTHS = ("true", "false", "1", "0")
OFFSET = r".*(Z|[+\-][0-9]{2}:[0-9]{2})"
LOCAL_PART = 64

_WHOLE = re.compile(r"[+\-]?[0-9]{1,19}")
_REAL = re.compile(r"[+\-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+\-]?[0-9]{1,3})?|-?INF|NaN")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+\-][0-9]{2}:[0-9]{2})")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+\-][0-9]{2}:[0-9]{2})?")
_MAILBOX = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")
_TRUE = ("true", "1")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text. `name` is its type's in the schema; `look` finds what is wrong beyond the plain facets.

    `values` are the only ones allowed; `longest` counts characters; `fixed` is what an empty one means.
    """

    name: str
    base: str = "string"
    values: tuple[str, ...] = ()
    longest: int | None = None
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    filled: bool = False
    past: bool = False
    fixed: str = ""
    look: Callable[[str], str] | None = None

    def wrong(self, text: str, now: datetime) -> str:
        """What is wrong with a value, in words that do not repeat it; nothing when it is good."""
        if self.fixed and not text.strip():
            return ""
        return (
            self._facets(text)
            or BASES[self.base](self, text.strip(), now)
            or (self.look(text.strip()) if self.look else "")
        )

    def _facets(self, text: str) -> str:
        if self.values and text not in self.values:
            return "is none of the values allowed"
        if self.longest is not None and len(text) > self.longest:
            return f"is longer than {self.longest} characters"
        if self.filled and not text.strip():
            return "must not be blank"
        if self.pattern and not re.fullmatch(self.pattern, text):
            return "has another form than it must"
        return ""


def moment(text: str) -> datetime | None:
    """A date and time with its offset, or None for what is none."""
    text = text.strip()
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text))
    except ValueError:
        return None


def day(text: str) -> date | None:
    """A date, its offset left aside, or None for what is none."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def is_true(text: str) -> bool:
    return text.strip() in _TRUE


def _string(kind: Kind, text: str, now: datetime) -> str:
    return ""


def _boolean(kind: Kind, text: str, now: datetime) -> str:
    if text not in TRUTHS:
        return "is neither true nor false"
    return "can only be true" if kind.fixed and text not in _TRUE else ""


def _whole(kind: Kind, text: str, now: datetime) -> str:
    if not _WHOLE.fullmatch(text):
        return "is no whole number"
    least, most = kind.least, kind.most
    if least is not None and most is not None and not least <= int(text) <= most:
        return f"is not from {least} to {most}"
    return ""


def _real(kind: Kind, text: str, now: datetime) -> str:
    return "" if _REAL.fullmatch(text) else "is no number"


def _date(kind: Kind, text: str, now: datetime) -> str:
    found = day(text)
    if found is None:
        return "is no ISO 8601 date"
    return "must be in the past" if kind.past and found >= now.astimezone(UTC).date() else ""


def _moment(kind: Kind, text: str, now: datetime) -> str:
    found = moment(text)
    if found is None:
        return "is no ISO 8601 date and time with an offset"
    return "must be in the past" if kind.past and found > now + SKEW else ""


BASES: dict[str, Callable[[Kind, str, datetime], str]] = {
    "string": _string,
    "token": _string,
    "boolean": _boolean,
    "int": _whole,
    "long": _whole,
    "double": _real,
    "date": _date,
    "dateTime": _moment,
}


def _no_address(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        return "is no IP address"
    return "is an IP address of one machine's interface" if "%" in text else ""


def _no_mailbox(text: str) -> str:
    if not _MAILBOX.fullmatch(text):
        return "is no e-mail address"
    return f"has more than {LOCAL_PART} characters before the @" if text.index("@") > LOCAL_PART else ""


def _no_url(text: str) -> str:
    return "" if len(text.split()) == 1 else "is no URL"


def string(longest: int, filled: bool = False) -> Kind:
    """Text of at most so many characters."""
    return Kind(f"{'filled' if filled else 'text'}{longest}", longest=longest, filled=filled)


def choice(name: str, *values: str) -> Kind:
    """One of these words."""
    return Kind(name, values=values)


INT_LEAST, INT_MOST = -(2**31), 2**31 - 1
LONG_LEAST, LONG_MOST = -(2**63), 2**63 - 1

TEXT = Kind("anyText")
FLAG = Kind("flag", base="boolean")
TAG = Kind("tag", base="boolean", fixed="true")
MOMENT = Kind("moment", base="dateTime")
PAST_MOMENT = Kind("pastMoment", base="dateTime", past=True)
PAST_DAY = Kind("pastDay", base="date", past=True)
AGE = Kind("years", base="int", least=0, most=150)
PORT = Kind("portNumber", base="int", least=1, most=65_535)
WHOLE = Kind("wholeNumber", base="int", least=INT_LEAST, most=INT_MOST)
REPORT_NUMBER = Kind("reportNumber", base="long", least=LONG_LEAST, most=LONG_MOST)
TOKEN = Kind("word", base="token")
FILLED_TOKEN = Kind("filledWord", base="token", filled=True)
DEGREES = Kind("latlong", base="double")
IP_ADDRESS = Kind("address4or6", filled=True, look=_no_address)
MAILBOX = Kind("mailbox", longest=255, look=_no_mailbox)
URL = Kind("url2083", longest=2083, look=_no_url)
CALLING_CODE = Kind("callingCode", pattern=r"\+[0-9]{1,3}")
EXTENSION = Kind("extension", longest=10, pattern="[0-9]+")
