"""The agencies as they are now: which of them work cases here, and whom each country has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import HotlineError
from core.models import Agency
from core.sealing import PublicKey
from core.vocabulary import AgencyKind

ENTRIES = (
    select(Agency.id, Agency.code, Agency.kind, Agency.country, Agency.home, Agency.public_key)
    .where(Agency.removed_at.is_(None))
    .order_by(Agency.code)
)
RANK = {AgencyKind.HOTLINE: 0, AgencyKind.POLICE: 1, AgencyKind.HELPLINE: 2}


class NoHomeAgency(HotlineError):
    """No agency runs this hotline yet; `hotline migrate` makes one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency. Only one with a key has a queue here and can be sent cases."""

    id: UUID
    code: str
    kind: AgencyKind
    country: str | None
    home: bool
    public_key: str | None

    @property
    def receives(self) -> bool:
        return self.public_key is not None


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


def read_book(session: Session) -> Book:
    """The agencies as connected now. Raises NoHomeAgency."""
    return _book(tuple(tuple(row) for row in session.execute(ENTRIES)))


@lru_cache(maxsize=4)
def _book(rows: tuple[tuple[UUID, str, AgencyKind, str | None, bool, str | None], ...]) -> Book:
    """The same agencies are the same book, so that what is compiled for it can be kept."""
    return Book.of(Entry(*row) for row in rows)


@lru_cache(maxsize=1024)
def public_key(text: str) -> PublicKey:
    return PublicKey.from_text(text)


def _by_country(entries: Iterable[Entry]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.country:
            found.setdefault(entry.country, []).append(entry.code)
    return found
