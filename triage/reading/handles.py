"""Accounts: from links to profiles, from @names, and from "kate_99 on …" and "her … is kate_99" in many languages."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import unquote

from core.vocabulary import IdentifierKind, Sure
from triage.reading.finding import MOST, Finding
from triage.reading.folding import folded
from triage.reading.lists import table_in, words_in

_AT = re.compile(
    r"(?<![\w@./+-])@(?P<name>\w(?:[\w.-]{0,62}\w)?)(?:@(?P<host>(?:[\w-]{1,63}\.)+[a-z]{2,24}))?(?![\w@])", re.I
)
_HASHED = re.compile(r"(?<![\w#@&/])(?P<name>[A-Za-z][\w.]{1,31})#(?P<number>\d{4})(?!\d)")
_NO_NAME = words_in("clues.toml", "no_name")
_TIME = re.compile(r"\d{1,2}(?:am|pm|h|uhr|:?\d\d)?$", re.I)
_SHAPE = re.compile(r"(?=.*[^\W\d_])[\w.-]{2,64}$")
_ID = re.compile(r"[\w.:-]{1,128}")
_NAME_IN_LINK = re.compile(r"[\w.~%-]{2,64}$")


@dataclass(frozen=True, slots=True)
class Platform:
    """A place where people have accounts."""

    name: str
    paths: Sequence[re.Pattern[str]]
    number_in: str
    country: str


def of_link(canonical: str, host: str) -> tuple[str, str]:
    """(platform, account) of a link to a profile, both empty when it is another link."""
    platform = _platform_of_host(host)
    if platform is None:
        return "", ""
    path, _, query = canonical.partition("://")[2].partition("/")[2].partition("?")
    if platform.number_in:
        number = dict(pair.partition("=")[::2] for pair in query.split("&")).get(platform.number_in, "")
        if number.isdigit():
            return platform.name, number
    for shape in platform.paths:
        found = shape.fullmatch("/" + path.rstrip("/"))
        if found and _is_account(found["handle"]):
            return platform.name, canonical_name(unquote(found["handle"]))
    return platform.name, ""


def find_at_names(text: str) -> Iterator[Finding]:
    """@names, @names@of.a.server and names#1234."""
    if "@" in text:
        for match in islice(_AT.finditer(text), MOST):
            name, host = canonical_name(match["name"]), (match["host"] or "").lower()
            if host:
                yield _finding(f"{name}@{host}", "fediverse", match.start(), match.end(), Sure.LIKELY)
            elif name not in _NO_NAME and not _TIME.match(name) and any(map(str.isalpha, name)):
                yield _finding(name, "", match.start(), match.end(), Sure.LIKELY)
    if "#" in text:
        for match in islice(_HASHED.finditer(text), MOST):
            name = canonical_name(match["name"])
            yield _finding(f"{name}#{match['number']}", "discord", match.start(), match.end(), Sure.LIKELY)


def find_full_names(text: str) -> Iterator[Finding]:
    """Those that name their place themselves: @names@of.a.server and names#1234."""
    return (found for found in find_at_names(text) if found.platform)


def of_field(text: str, platform: str) -> Finding | None:
    """The account in a field that holds nothing else."""
    written = text.strip()
    name = written.removeprefix("@").strip()
    start = text.index(name) if name else 0
    return (
        _finding(canonical_name(name), platform, start, start + len(name), Sure.CERTAIN) if _SHAPE.match(name) else None
    )


def of_id(text: str, platform: str) -> Finding | None:
    """An account by what its service calls it; that tells nothing without the service."""
    written = text.strip()
    if not platform or not _ID.fullmatch(written):
        return None
    start = text.index(written)
    return _finding(canonical_name(written), platform, start, start + len(written), Sure.CERTAIN)


def canonical_name(name: str) -> str:
    """No service tells accounts apart by capitals."""
    return unicodedata.normalize("NFKC", name).lower().strip(".@")


def canonical(name: str, platform: str) -> str:
    return f"{platform}:{name}" if platform else f"@{name}"


def platform_called(word: str) -> str:
    """The platform that people call by this name, folded; empty for other words."""
    return names().get(word, "")


def is_platform(host: str) -> bool:
    """Whether this host is one of a known platform's."""
    return _platform_of_host(host) is not None


def country_of_platform(name: str) -> str:
    return _platforms()[name].country if name in _platforms() else ""


def _finding(name: str, platform: str, start: int, end: int, sure: Sure) -> Finding:
    return Finding(IdentifierKind.HANDLE, canonical(name, platform), start, end, sure, platform=platform)


@cache
def names() -> Mapping[str, str]:
    """Platform by each of its names, as tokens joined by spaces."""
    rows = table_in("platforms.toml", "platform")
    return {_joined(str(name)): platform for platform, row in rows.items() for name in _list(row["names"])}


@cache
def _platforms() -> Mapping[str, Platform]:
    return {name: _platform(name, row) for name, row in table_in("platforms.toml", "platform").items()}


@cache
def _hosts() -> Mapping[str, Platform]:
    rows = table_in("platforms.toml", "platform")
    return {str(host): _platforms()[name] for name, row in rows.items() for host in _list(row["hosts"])}


def _platform(name: str, row: Mapping[str, object]) -> Platform:
    shapes = [
        re.compile(re.escape(str(path)).replace(r"\{handle\}", "(?P<handle>[^/]{2,80})"))
        for path in _list(row["paths"])
    ]
    return Platform(name, shapes, str(row.get("number_in", "")), str(row.get("country", "")))


def _platform_of_host(host: str) -> Platform | None:
    """Also for `m.`, `web.` and other parts of its site."""
    labels = host.split(".")
    return next((_hosts()[name] for name in (".".join(labels[-n:]) for n in (2, 3)) if name in _hosts()), None)


def _is_account(name: str) -> bool:
    return (
        name.lower() not in words_in("platforms.toml", "not_names")
        and bool(_NAME_IN_LINK.match(name))
        and name[0] != "."
    )


def _list(value: object) -> Sequence[object]:
    assert isinstance(value, list)
    return value


def _joined(name: str) -> str:
    return " ".join(map(folded, name.split()))
