"""Statements over arrays: a whole batch in one round trip."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

from sqlalchemy import Row, TextClause
from sqlalchemy.orm import Session


def columns(rows: Sequence[tuple[object, ...]]) -> dict[str, list[object] | None]:
    """Rows as one array for each column, named a, b, ... as a statement has them.

    A column without any value is no array at all: `unnest` fills up with NULL what is shorter than the rest.
    """
    by_column = (_array(column) for column in zip(*rows, strict=True))
    return dict(zip(ascii_lowercase, by_column, strict=False))


def run(session: Session, statement: TextClause, rows: Sequence[tuple[object, ...]]) -> None:
    """Nothing to send is no round trip."""
    if rows:
        session.execute(statement, columns(rows))


def ask(session: Session, statement: TextClause, rows: Sequence[tuple[object, ...]]) -> Sequence[Row[Any]]:
    """What a statement answers for all rows together."""
    return session.execute(statement, columns(rows)).all() if rows else []


def _array(column: tuple[object, ...]) -> list[object] | None:
    return list(column) if any(value is not None for value in column) else None


def as_text(numbers: Sequence[int]) -> str:
    """An array inside an array: PostgreSQL has none, so it travels as text."""
    return "{" + ",".join(map(str, numbers)) + "}"
