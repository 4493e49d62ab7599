"""Marks: what a report names that is the same thing wherever it is named, and whether that tells things apart."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from core.vocabulary import MarkKind
from triage.bundling.common import common

MOST = 32
SHORTEST_HANDLE = 3
LEAST_DIGITS = 8


class Strength(StrEnum):
    """STRONG bundles by itself; WEAK never does, however much of it there is."""

    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Mark:
    """`canonical` is equal for equal things: a URL in one form, `platform:handle`, digits of a phone, a hash in hex."""

    kind: MarkKind
    canonical: str

    @property
    def strength(self) -> Strength:
        return Strength.STRONG if TELLS_APART[self.kind](self.canonical) else Strength.WEAK


def strong(marks: list[Mark]) -> list[Mark]:
    """Those that bundle by themselves, each once, and not more than anybody names in earnest."""
    return [mark for mark in dict.fromkeys(marks) if mark.strength is Strength.STRONG][:MOST]


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
