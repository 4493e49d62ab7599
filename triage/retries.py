"""Idempotency keys of partners are forgotten after some days; what is sent again later is a report of its own."""

from datetime import timedelta

from sqlalchemy import Engine, text

from core.db import one_statement

FORGET = text("DELETE FROM idempotency_keys WHERE used_at < now() - CAST(:keep AS interval)")


def forget(engine: Engine, keep: timedelta) -> None:
    """Delete what is older."""
    with one_statement(engine) as connection:
        connection.execute(FORGET, {"keep": keep})
