"""Context: what an app adds to a report says whether it was signed, and a token that signed it counts once.

A trigger, not a right, as for proofs: intake hands a token's name over with its report and can neither read nor forget
which were used. The same report sent again, or half of it and then all, has the same receipt and is no second use.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    """
    CREATE FUNCTION use_context() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        INSERT INTO contexts (id, receipt_hash) VALUES (NEW.context_id, NEW.receipt_hash) ON CONFLICT DO NOTHING;
        IF NOT EXISTS (SELECT FROM contexts WHERE id = NEW.context_id AND receipt_hash = NEW.receipt_hash) THEN
            NEW.context_state := 'unverified';
        END IF;
        NEW.context_id := NULL;
        RETURN NEW;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION use_context() FROM PUBLIC",
    "CREATE TRIGGER use_context BEFORE INSERT ON reports FOR EACH ROW WHEN (NEW.context_id IS NOT NULL)"
    " EXECUTE FUNCTION use_context()",
    "GRANT INSERT (context_state, context_id) ON reports TO hotline_intake, hotline_triage",
    "GRANT INSERT (context_state, context_id) ON drafts TO hotline_intake",
    "GRANT SELECT (context_state) ON reports TO hotline_console",
    "GRANT SELECT, DELETE ON contexts TO hotline_triage",
)


def upgrade() -> None:
    state, name = sa.String(length=12), sa.LargeBinary()
    op.add_column(
        "reports",
        sa.Column("context_state", state, comment="of a report from an app: whether it signed what it added"),
    )
    op.add_column("reports", sa.Column("context_id", name, comment="on its way to `contexts`; never stored here"))
    op.create_check_constraint(
        op.f("ck_reports_context_state"), "reports", "context_state IN ('verified', 'unverified')"
    )
    op.add_column("drafts", sa.Column("context_state", state))
    op.add_column("drafts", sa.Column("context_id", name, comment="the app's token, as it will be when it arrives"))
    op.create_table(
        "contexts",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contexts"),
    )
    for statement in STATEMENTS:
        op.execute(statement)
