"""Statements over arrays: a whole batch in one round trip."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

from sqlalchemy import Row, TextClause
from sqlalchemy.orm import Session


def columns(rows: Sequence[tuple[object, ...]]) -> dict[str, list[object]]:
    """Rows as one array for each column, named a, b, ... as a statement has them."""
    by_column = zip(*rows, strict=True)
    return {name: list(column) for name, column in zip(ascii_lowercase, by_column, strict=False)}


def run(session: Session, statement: TextClause, rows: Sequence[tuple[object, ...]]) -> None:
    """Nothing to send is no round trip."""
    if rows:
        session.execute(statement, columns(rows))


def ask(session: Session, statement: TextClause, rows: Sequence[tuple[object, ...]]) -> Sequence[Row[Any]]:
    """What a statement answers for all rows together."""
    return session.execute(statement, columns(rows)).all() if rows else []


def as_text(numbers: Sequence[int]) -> str:
    """An array inside an array: PostgreSQL has none, so it travels as text."""
    return "{" + ",".join(map(str, numbers)) + "}"
