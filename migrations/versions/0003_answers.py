"""Answers: what staff write to a reporter, and the one narrow thing intake may read.

A function, not a grant: whoever has intake's connection gets sealed answers for a receipt's hash and nothing else.
It runs as the tables' owner, whom forced row-level security binds too, hence the policies for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

AGENCY = "NULLIF(current_setting('hotline.agency', true), '')::uuid"

STATEMENTS = (
    "ALTER TABLE answers ALTER COLUMN words SET STORAGE EXTERNAL",
    "ALTER TABLE answers ALTER COLUMN for_reporter SET STORAGE EXTERNAL",
    "ALTER TABLE answers ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE answers FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY own_answers ON answers TO hotline_console USING (agency_id = {AGENCY})"
    f" WITH CHECK (agency_id = {AGENCY})",
    "GRANT SELECT, INSERT ON answers TO hotline_console",
    "GRANT SELECT (mailbox_key) ON reports TO hotline_console",
    "CREATE POLICY mailbox_opens ON answers FOR SELECT TO CURRENT_USER USING (true)",
    "CREATE POLICY mailbox_opens ON reports FOR SELECT TO CURRENT_USER USING (true)",
    "CREATE POLICY mailbox_opens ON cases FOR SELECT TO CURRENT_USER USING (true)",
    """
    CREATE FUNCTION mailbox(receipt bytea, days integer)
        RETURNS TABLE (state text, written_at timestamptz, for_reporter bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT coalesce(cases.state, 'received'), answers.written_at, answers.for_reporter
        FROM reports LEFT JOIN cases ON cases.id = reports.case_id LEFT JOIN answers ON answers.report_id = reports.id
        WHERE reports.receipt_hash = receipt AND reports.received_at > now() - make_interval(days => days)
        ORDER BY answers.written_at, reports.received_at
    $$
    """,
    "REVOKE ALL ON FUNCTION mailbox(bytea, integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION mailbox(bytea, integer) TO hotline_intake",
)


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("for_reporter", sa.LargeBinary(), nullable=False, comment="the same words, sealed to the mailbox"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_answers_agency_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_answers_case_id"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name="fk_answers_report_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_answers_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index("ix_answers_case_id", "answers", ["case_id"], unique=False)
    op.create_index("ix_answers_report_id", "answers", ["report_id"], unique=False)
    for statement in STATEMENTS:
        op.execute(statement)
