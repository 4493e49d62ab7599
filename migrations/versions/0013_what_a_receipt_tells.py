"""What a receipt tells: how far its own reports are, and nothing of others in the same case.

A case that was closed opens again when somebody else reports the same. Whoever reported first must not see that, or
would learn of the second. And a partner, whose server was given the receipt, sees what staff wrote to it and no more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

STATE = """CASE
            WHEN reports.state <> 'filed' OR reports.channel IN ('api', 'cybertipline', 'xarf') THEN 'received'
            WHEN reports.ended_at IS NULL THEN 'open'
            ELSE 'closed'
        END"""
OF_THE_CASE = "coalesce((SELECT cases.state FROM cases WHERE cases.id = reports.case_id), 'received')"

MAILBOX = """
    CREATE OR REPLACE FUNCTION mailbox(receipt bytea, days integer)
        RETURNS TABLE (state text, written_at timestamptz, for_reporter bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT {state}, said.written_at, said.for_reporter
        FROM reports
        LEFT JOIN LATERAL (
            SELECT answers.written_at, answers.for_reporter FROM answers WHERE answers.report_id = reports.id
            UNION ALL
            SELECT answers.written_at, answer_copies.for_reporter
            FROM answer_copies JOIN answers ON answers.id = answer_copies.answer_id
            WHERE answer_copies.report_id = reports.id
        ) AS said ON true
        WHERE reports.receipt_hash = receipt AND reports.received_at > now() - make_interval(days => days)
        ORDER BY said.written_at, reports.received_at
    $$
"""


def upgrade() -> None:
    op.add_column(
        "reports",
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            comment="when the case it was in was first closed; its receipt tells this and no more",
        ),
    )
    op.execute("GRANT SELECT (ended_at), UPDATE (ended_at) ON reports TO hotline_console")
    op.execute("ALTER TABLE cases NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE reports NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE reports SET ended_at = cases.closed_at FROM cases WHERE cases.id = reports.case_id")
    op.execute("ALTER TABLE reports FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE cases FORCE ROW LEVEL SECURITY")
    op.execute(MAILBOX.format(state=STATE))


def downgrade() -> None:
    op.execute(MAILBOX.format(state=OF_THE_CASE))
    op.drop_column("reports", "ended_at")
