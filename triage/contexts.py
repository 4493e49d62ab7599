"""Tokens that apps signed are forgotten when no form that holds one can be sent any more."""

from datetime import timedelta

from sqlalchemy import Engine, text

from core.db import one_statement

LONGER = timedelta(hours=1)  # than a form lives: a token itself is good for minutes
FORGET = text("DELETE FROM contexts WHERE used_at < now() - CAST(:keep AS interval)")


def forget(engine: Engine, keep: timedelta) -> None:
    """Delete what is older."""
    with one_statement(engine) as connection:
        connection.execute(FORGET, {"keep": keep})
