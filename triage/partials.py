"""Partial reports: what was saved on the way and never sent arrives after a while, unless its person deleted it.

A draft is sealed to the place it takes among the reports, so it arrives as it is: nothing is opened here.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, text

from core.db import transaction

ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(hashtext('partials'))")
COLUMNS = (
    "id, channel, language, country, danger, wrapped_key, what, link, contact, details, receipt_hash, mailbox_key, "
    "crowded, partner_id, context_state, context_id"
)

DELETE_WITHDRAWN = text("DELETE FROM drafts USING withdrawals AS gone WHERE drafts.receipt_hash = gone.receipt_hash")
EMPTY_WITHDRAWN = text("""
    UPDATE reports SET what = '', link = '', contact = '', details = '', reading = NULL, withdrawn_at = now()
    FROM withdrawals AS gone
    WHERE reports.receipt_hash = gone.receipt_hash AND partial AND reports.withdrawn_at IS NULL AND state <> 'received'
""")
FORGET_TOMBSTONES = text("DELETE FROM withdrawals WHERE withdrawn_at < now() - CAST(:keep AS interval)")
ARRIVE = text(f"""
    WITH due AS (
        SELECT * FROM drafts
        WHERE saved_at < now() - CASE danger WHEN 'yes' THEN CAST(:soon AS interval) ELSE CAST(:later AS interval) END
            AND NOT EXISTS (
                SELECT FROM drafts AS later
                WHERE later.receipt_hash = drafts.receipt_hash
                    AND (later.saved_at, later.id) > (drafts.saved_at, drafts.id)
            )
    ), arrived AS (
        INSERT INTO reports ({COLUMNS}, partial)
        SELECT {COLUMNS}, true FROM due
        WHERE NOT EXISTS (
            SELECT FROM reports AS sent
            WHERE sent.receipt_hash = due.receipt_hash AND NOT sent.partial AND sent.received_at >= due.saved_at
        )
        ON CONFLICT DO NOTHING
    )
    DELETE FROM drafts USING due WHERE drafts.receipt_hash = due.receipt_hash
""")  # noqa: S608  # our own names


@dataclass(frozen=True)
class Partials:
    """Half a report arrives `later` after it was left, or `soon` when somebody is in danger now.

    A tombstone is kept for `keep`: as long as a form can be sent it could still be saved again.
    """

    engine: Engine
    later: timedelta
    soon: timedelta
    keep: timedelta

    def arrive(self) -> None:
        """Honour what was withdrawn, then let in what was left; whoever comes second leaves it to the first."""
        with transaction(self.engine) as session:
            if session.scalar(ONE_AT_A_TIME):
                session.execute(DELETE_WITHDRAWN)
                session.execute(EMPTY_WITHDRAWN)
                session.execute(FORGET_TOMBSTONES, {"keep": self.keep})
                session.execute(ARRIVE, {"later": self.later, "soon": self.soon})
