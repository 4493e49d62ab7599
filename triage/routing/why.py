"""Why a case went where it went: sealed with the data key of the report that decided, so its agency can read it.

The facts are sealed once more, under a key that only triage holds: back-tests read thousands and open no report.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import msgspec

from core.errors import CannotOpen
from core.sealing import DataKey, Row
from triage.routing.decision import Other
from triage.routing.facts import Facts


class Why(msgspec.Struct, frozen=True, omit_defaults=True):
    """The version and line of the rule, what it looked at, and the other jurisdictions."""

    rule: str
    line: int
    facts: Facts
    version: int | None = None
    others: Sequence[Other] = ()

    def to_text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def open(cls, key: DataKey, case: UUID, turn: int, sealed: bytes) -> "Why":
        """Raises CannotOpen."""
        try:
            return msgspec.json.decode(key.open(Row("routings", case), _column(turn), sealed), type=cls)
        except msgspec.DecodeError:
            raise CannotOpen from None


def seal_why(key: DataKey, case: UUID, turn: int, why: str) -> bytes:
    """What `Why.open` opens."""
    return key.seal(Row("routings", case), _column(turn), why)


def _column(turn: int) -> str:
    """Every turn is a place of its own."""
    return f"why {turn}"


class FactsSeal:
    """Seals and opens the facts of cases; made for one batch, its key is wiped with it."""

    def __init__(self, key: DataKey) -> None:
        self._key = key

    @classmethod
    @contextmanager
    def of(cls, secret: bytes) -> Iterator["FactsSeal"]:
        with DataKey(secret) as key:
            yield cls(key)

    def seal(self, case: UUID, facts: str) -> bytes:
        return self._key.seal(Row("cases", case), "facts", facts)

    def open(self, case: UUID, sealed: bytes) -> Facts:
        """Raises CannotOpen."""
        return Facts.from_text(self._key.open(Row("cases", case), "facts", sealed))
