"""Reports that were opened and never finished go, with all that was sealed; how others ended is known for a while."""

from datetime import timedelta

from sqlalchemy import Engine, text

from core.db import one_statement

LAPSE = text("DELETE FROM open_reports WHERE state = 'open' AND lapses_at <= now()")
FORGET = text("""
    DELETE FROM open_reports
    WHERE state <> 'open' AND ended_at < now() - CAST(:keep AS interval)
        AND NOT EXISTS (SELECT FROM report_parts WHERE report_parts.number = open_reports.number)
""")


def sweep(engine: Engine, keep: timedelta) -> None:
    """Delete what lapsed, and the numbers of what ended longer ago; never one whose files wait for a person."""
    with one_statement(engine) as connection:
        connection.execute(LAPSE)
    with one_statement(engine) as connection:
        connection.execute(FORGET, {"keep": keep})
