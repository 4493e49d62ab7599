"""Slots of the letterbox: where posts of one kind go in, all of a batch in one statement.

A post is a frozen dataclass. Its class says whether its fields are columns of a TABLE, or arguments (arrays of one
length, in their order) of a FUNCTION that returns an outcome for each row. A field's type says its SQL type.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar, Protocol, get_args, get_type_hints
from uuid import UUID

import asyncpg

SQL_TYPES = {UUID: "uuid", str: "text", bytes: "bytea", bool: "boolean", int: "bigint", datetime: "timestamptz"}
STATEMENT_PATIENCE = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Post:
    """Something sealed that is to be stored; a subclass names its TABLE or its FUNCTION."""

    TABLE: ClassVar[str] = ""
    FUNCTION: ClassVar[str] = ""


class Slot(Protocol):
    """Where posts of one kind go in."""

    name: str
    columns: tuple[str, ...]
    statement: str

    async def put(self, connection: asyncpg.Connection, posts: Sequence[Post]) -> Sequence[str]:
        """One statement for all of them; an outcome for each, in order."""


class TableSlot:
    """Rows of a table. One that is there already is passed over; the outcome is empty."""

    def __init__(self, kind: type[Post]) -> None:
        self.name = kind.TABLE
        self.columns, places = _arguments(kind)
        self.statement = (
            f"INSERT INTO {kind.TABLE} ({', '.join(self.columns)})"  # noqa: S608  # our own names
            f" SELECT * FROM unnest({places}) ON CONFLICT DO NOTHING"
        )

    async def put(self, connection: asyncpg.Connection, posts: Sequence[Post]) -> Sequence[str]:
        await connection.execute(self.statement, *_arrays(self.columns, posts), timeout=STATEMENT_PATIENCE)
        return [""] * len(posts)


class FunctionSlot:
    """A call of a function that decides row by row and says how: `text[]`, in the order of the rows."""

    def __init__(self, kind: type[Post]) -> None:
        self.name = kind.FUNCTION
        self.columns, places = _arguments(kind)
        self.statement = f"SELECT {kind.FUNCTION}({places})"

    async def put(self, connection: asyncpg.Connection, posts: Sequence[Post]) -> Sequence[str]:
        arrays = _arrays(self.columns, posts)
        outcomes: list[str] = await connection.fetchval(self.statement, *arrays, timeout=STATEMENT_PATIENCE)
        return outcomes


_made: dict[type[Post], Slot] = {}


def slot_of(kind: type[Post]) -> Slot:
    """The slot of posts of this class."""
    if kind not in _made:
        _made[kind] = FunctionSlot(kind) if kind.FUNCTION else TableSlot(kind)
    return _made[kind]


def _arguments(kind: type[Post]) -> tuple[tuple[str, ...], str]:
    """The fields, and a placeholder of the right array type for each."""
    hints = get_type_hints(kind)
    columns = tuple(field.name for field in fields(kind))
    places = (f"${n}::{_sql_type(hints[name])}[]" for n, name in enumerate(columns, 1))
    return columns, ", ".join(places)


def _sql_type(hint: type) -> str:
    """That of `X` and of `X | None`."""
    return SQL_TYPES[next((part for part in get_args(hint) if part in SQL_TYPES), hint)]


def _arrays(columns: Sequence[str], posts: Sequence[Post]) -> list[list[object]]:
    return [[getattr(post, name) for post in posts] for name in columns]
