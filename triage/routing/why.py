"""Why a case went where it went: sealed with the data key of the report that decided, so its agency can read it.

The facts are sealed once more, under a key that only triage holds: back-tests read thousands and open no report.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import msgspec

from core.errors import CannotOpen
from core.sealing import DataKey, Row
from triage.routing.decision import Decision, Other
from triage.routing.facts import Facts


class Why(msgspec.Struct, frozen=True, omit_defaults=True):
    """The version and line of the rule, what it looked at, and the other jurisdictions."""

    rule: str
    line: int
    facts: Facts
    version: int | None = None
    others: Sequence[Other] = ()

    @classmethod
    def of(cls, decision: Decision, facts: Facts, version: int | None) -> "Why":
        return cls(decision.rule, decision.line, facts, version, decision.others)

    def seal(self, key: DataKey, routing: UUID) -> bytes:
        return key.seal(Row("routings", routing), "why", msgspec.json.encode(self).decode())

    @classmethod
    def open(cls, key: DataKey, routing: UUID, sealed: bytes) -> "Why":
        """Raises CannotOpen."""
        try:
            return msgspec.json.decode(key.open(Row("routings", routing), "why", sealed), type=cls)
        except msgspec.DecodeError:
            raise CannotOpen from None


class FactsSeal:
    """Seals and opens the facts of cases; made for one batch, its key is wiped with it."""

    def __init__(self, key: DataKey) -> None:
        self._key = key

    @classmethod
    @contextmanager
    def of(cls, secret: bytes) -> Iterator["FactsSeal"]:
        with DataKey(secret) as key:
            yield cls(key)

    def seal(self, case: UUID, facts: Facts) -> bytes:
        return self._key.seal(Row("cases", case), "facts", facts.to_text())

    def open(self, case: UUID, sealed: bytes) -> Facts:
        """Raises CannotOpen."""
        return Facts.from_text(self._key.open(Row("cases", case), "facts", sealed))
