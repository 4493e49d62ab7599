"""The agencies as they are now: which of them work cases here, and whom each country has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from core.errors import HotlineError
from core.sealing import PublicKey
from core.vocabulary import AgencyKind, By
from triage.routing.categories import takes
from triage.routing.facts import Facts

ENTRIES = sql("""
    SELECT id, code, kind, country, home, public_key, name, way ->> 'by', facts ->> 'accepts'
    FROM agencies WHERE removed_at IS NULL ORDER BY code
""")
WAYS = frozenset(By) - {By.CONSOLE, By.SIGNPOST}
RANK = {AgencyKind.HOTLINE: 0, AgencyKind.POLICE: 1, AgencyKind.HELPLINE: 2}


class NoHomeAgency(HotlineError):
    """No agency runs this hotline yet; `hotline migrate` makes one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency. Only one with a key has a queue here and can be sent cases.

    `way` is how it receives referrals, when that was said; `accepts` the categories that the directory says, as JSON.
    """

    id: UUID
    code: str
    kind: AgencyKind
    country: str | None
    home: bool
    public_key: str | None
    name: str = ""
    way: str | None = None
    accepts: str | None = None

    @property
    def receives(self) -> bool:
        return self.public_key is not None

    def takes(self, facts: Facts) -> bool:
        """Whether what it is about can be referred to this agency."""
        if self.way in (None, By.CONSOLE):
            return self.receives and takes(_listed(self.accepts), facts)
        return self.way in WAYS and takes(_listed(self.accepts), facts)


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A country's agencies stand in line: hotline, police, helpline, then by code. `keys` are of those that receive."""

    home: Entry
    entries: Mapping[str, Entry]
    receiving: Mapping[str, Sequence[str]]
    known: Mapping[str, Sequence[str]]
    keys: Mapping[UUID, str]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Book":
        """Raises NoHomeAgency."""
        in_line = sorted(entries, key=lambda entry: (RANK[entry.kind], entry.code))
        home = next((entry for entry in in_line if entry.home), None)
        if home is None or not home.receives:
            raise NoHomeAgency
        receiving = [entry for entry in in_line if entry.receives]
        keys = {entry.id: entry.public_key for entry in receiving if entry.public_key}
        return cls(home, {entry.code: entry for entry in in_line}, _by_country(receiving), _by_country(in_line), keys)

    def receives(self, code: str) -> bool:
        return code in self.entries and self.entries[code].receives

    def first_of(self, country: str, without: frozenset[str] = frozenset()) -> str | None:
        """Who stands first in a country: one that works cases here if there is one."""
        for line in (self.receiving, self.known):
            for code in line.get(country, ()):
                if code not in without:
                    return code
        return None

    def first_to_refer(self, country: str | None, facts: Facts) -> str | None:
        """Who stands first in a country of those to whom this can be referred."""
        return next((code for code in self.known.get(country or "", ()) if self.entries[code].takes(facts)), None)


def read_book(session: Session) -> Book:
    """The agencies as connected now. Raises NoHomeAgency."""
    return _book(tuple(tuple(row) for row in session.execute(ENTRIES)))


@lru_cache(maxsize=4)
def _book(rows: tuple[tuple[Any, ...], ...]) -> Book:
    """The same agencies are the same book, so that what is compiled for it can be kept."""
    return Book.of(Entry(id, code, AgencyKind(kind), *rest) for id, code, kind, *rest in rows)


@lru_cache(maxsize=1024)
def public_key(text: str) -> PublicKey:
    return PublicKey.from_text(text)


@lru_cache(maxsize=1024)
def _listed(text: str | None) -> frozenset[str]:
    """The words of a JSON list; none when it is another thing."""
    try:
        return frozenset(msgspec.json.decode(text or "[]", type=list[str]))
    except msgspec.DecodeError:
        return frozenset()


def _by_country(entries: Iterable[Entry]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.country:
            found.setdefault(entry.country, []).append(entry.code)
    return found
