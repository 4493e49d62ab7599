"""Marks: what a report names that is the same thing wherever it is named, and whether that tells things apart."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from core.details import Details
from core.vocabulary import IdentifierKind, MarkKind, Sure
from triage.bundling import fields
from triage.bundling.common import common
from triage.reading.found import Identifier
from triage.reading.hosts import registered_part

MOST = 32
SHORTEST_HANDLE = 3
LEAST_DIGITS = 8
DIFFERENT, DIFFERENT_OF_A_HASH = 4, 6  # digits; one that is made up has fewer

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


def marks_of(identifiers: Iterable[Identifier], details: Details, own: Collection[str] = ()) -> list[Mark]:
    """Those that bundle by themselves, each once, and not more than anybody names in earnest; a guess never does.

    `own` are the domains of an operator whose words these are: it names them in every report.
    """
    known = (one for one in identifiers if one.kind in KINDS and one.sure is not Sure.GUESS)
    named = [one for one in known if fields.tells(one.field, details) and not _is_its_own(one, own)]
    named.sort(key=lambda one: fields.is_text(one.field))  # a chat full of links leaves room for the account
    marks = dict.fromkeys(Mark(KINDS[one.kind], one.canonical) for one in named)
    return [mark for mark in marks if mark.strength is Strength.STRONG][:MOST]


def _is_its_own(one: Identifier, own: Collection[str]) -> bool:
    return bool(own) and one.field in fields.WORDS and registered_part(one.host) in own


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
    """A name alone is many people's; with the platform it is one account, unless it stands for any or none."""
    platform, _, handle = canonical.partition(":")
    if not platform or platform in common("nowhere") or len(handle) < SHORTEST_HANDLE:
        return False
    return handle not in common("handles") and not _is_filler(handle) and not registered_part(handle)


def _email(canonical: str) -> bool:
    return canonical.partition("@")[0] not in common("emails")


def _phone(canonical: str) -> bool:
    """An emergency number is everybody's."""
    digits = "".join(filter(str.isdigit, canonical))
    return len(digits) >= LEAST_DIGITS and len(set(digits)) >= DIFFERENT


def _hash(canonical: str) -> bool:
    """Of a file; what somebody typed in its place repeats itself, and so does that of a picture of one colour."""
    digits = canonical.rpartition(":")[2]
    made_up = len(set(digits)) < DIFFERENT_OF_A_HASH or digits in (digits * 2)[1:-1]
    return not made_up and digits not in common("hashes")


def _is_filler(text: str) -> bool:
    """`0000`, `xxx`, `123456`: the same sign, or the digits in their order."""
    return len(set(text)) == 1 or text in "01234567890123456789"


TELLS_APART = {
    MarkKind.URL: _url,
    MarkKind.ACCOUNT: _account,
    MarkKind.EMAIL: _email,
    MarkKind.PHONE: _phone,
    MarkKind.HASH: _hash,
}
