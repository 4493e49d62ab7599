"""Marks: what a report names that is the same thing wherever it is named, and whether that tells things apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from core.vocabulary import IdentifierKind, MarkKind, Sure
from triage.bundling.common import common
from triage.reading.found import Identifier

MOST = 32
SHORTEST_HANDLE = 3
LEAST_DIGITS = 8
FIELDS = frozenset({"what", "link", "account", "suspect"})
"""Where a reporter tells what happened. Who they are and how to reach them would bundle a person with what happened."""

KINDS = {
    IdentifierKind.URL: MarkKind.URL,
    IdentifierKind.HANDLE: MarkKind.ACCOUNT,
    IdentifierKind.EMAIL: MarkKind.EMAIL,
    IdentifierKind.PHONE: MarkKind.PHONE,
    IdentifierKind.MD5: MarkKind.HASH,
    IdentifierKind.SHA1: MarkKind.HASH,
    IdentifierKind.SHA256: MarkKind.HASH,
    IdentifierKind.PDQ: MarkKind.HASH,
}
"""What a reading finds and a case can be known by: an address or a site alone is many people's."""


class Strength(StrEnum):
    """STRONG bundles by itself; WEAK never does, however much of it there is."""

    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Mark:
    """`canonical` is equal for equal things: a URL in one form, `platform:handle`, +digits of a phone, a hex hash."""

    kind: MarkKind
    canonical: str

    @property
    def strength(self) -> Strength:
        return Strength.STRONG if TELLS_APART[self.kind](self.canonical) else Strength.WEAK


def marks_of(identifiers: Iterable[Identifier]) -> list[Mark]:
    """Those that bundle by themselves, each once, and not more than anybody names in earnest; a guess never does."""
    named = (one for one in identifiers if one.kind in KINDS and one.field in FIELDS and one.sure is not Sure.GUESS)
    marks = dict.fromkeys(Mark(KINDS[one.kind], one.canonical) for one in named)
    return [mark for mark in marks if mark.strength is Strength.STRONG][:MOST]


def _url(canonical: str) -> bool:
    """A bare domain, a front page, or a page that everybody of a service has, tells nothing."""
    parts = urlsplit(canonical)
    path = [part for part in parts.path.lower().split("/") if part]
    if not path:
        return bool(parts.query) and not _is_service(parts.hostname or "")
    return path[0] not in common("pages") or (len(path) > 1 and not _is_service(parts.hostname or ""))


def _is_service(host: str) -> bool:
    """Whether the host or a domain above it is on the list."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in common("services") for start in range(len(labels)))


def _account(canonical: str) -> bool:
    """A name alone is many people's; with the platform it is one account."""
    platform, _, handle = canonical.partition(":")
    return bool(platform) and len(handle) >= SHORTEST_HANDLE


def _email(canonical: str) -> bool:
    return canonical.partition("@")[0] not in common("emails")


def _phone(canonical: str) -> bool:
    """An emergency number is everybody's."""
    return sum(map(str.isdigit, canonical)) >= LEAST_DIGITS


def _hash(canonical: str) -> bool:
    return canonical.rpartition(":")[2] not in common("hashes")


TELLS_APART = {
    MarkKind.URL: _url,
    MarkKind.ACCOUNT: _account,
    MarkKind.EMAIL: _email,
    MarkKind.PHONE: _phone,
    MarkKind.HASH: _hash,
}
