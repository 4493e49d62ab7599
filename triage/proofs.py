"""Proofs of work that were used are forgotten when they would have expired anyway."""

from datetime import timedelta

from sqlalchemy import Engine, text

from core.db import one_statement

KEEP = timedelta(hours=1)  # six times as long as a challenge is good for
FORGET = text("DELETE FROM proofs WHERE used_at < now() - CAST(:keep AS interval)")


def forget(engine: Engine, keep: timedelta = KEEP) -> None:
    """Delete what is older."""
    with one_statement(engine) as connection:
        connection.execute(FORGET, {"keep": keep})
