"""Drafts: what is saved at each Continue, arrives as partial when it is left, and goes when its person deletes it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SEALED = ("wrapped_key", "what", "link", "contact", "details")
COLUMNS = f"id, channel, language, country, danger, {', '.join(SEALED)}, receipt_hash, mailbox_key"

STATEMENTS = (
    *(f"ALTER TABLE drafts ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in SEALED),
    "ALTER TABLE reports ALTER COLUMN details SET STORAGE EXTERNAL",
    "ALTER TABLE drafts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE drafts FORCE ROW LEVEL SECURITY",
    "ALTER TABLE withdrawals ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE withdrawals FORCE ROW LEVEL SECURITY",
    "GRANT INSERT (details) ON reports TO hotline_intake",
    f"GRANT INSERT ({COLUMNS}) ON drafts TO hotline_intake",
    "GRANT INSERT (receipt_hash) ON withdrawals TO hotline_intake",
    "CREATE POLICY intake_saves ON drafts FOR INSERT TO hotline_intake WITH CHECK (true)",
    "CREATE POLICY intake_withdraws ON withdrawals FOR INSERT TO hotline_intake WITH CHECK (true)",
    "GRANT SELECT, DELETE ON drafts, withdrawals TO hotline_triage",
    f"GRANT INSERT ({COLUMNS}, partial) ON reports TO hotline_triage",
    "GRANT UPDATE (what, link, contact, details, withdrawn_at) ON reports TO hotline_triage",
    "CREATE POLICY triage_takes ON drafts TO hotline_triage USING (true)",
    "CREATE POLICY triage_honours ON withdrawals TO hotline_triage USING (true)",
    "GRANT SELECT (details, partial, withdrawn_at) ON reports TO hotline_console",
)


def upgrade() -> None:
    op.add_column(
        "reports", sa.Column("details", sa.LargeBinary(), comment="sealed; the other answers, as core.details has them")
    )
    op.add_column(
        "reports",
        sa.Column(
            "partial", sa.Boolean(), server_default="false", nullable=False, comment="left half way and never sent"
        ),
    )
    op.add_column(
        "reports",
        sa.Column(
            "withdrawn_at",
            sa.DateTime(timezone=True),
            comment="when its person deleted it; what was sealed is gone",
        ),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2)),
        sa.Column("danger", sa.String(length=8), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in SEALED),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mailbox_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_receipt_hash", "drafts", ["receipt_hash", "saved_at"])
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])
    op.create_table(
        "withdrawals",
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("receipt_hash", name="pk_withdrawals"),
    )
    for statement in STATEMENTS:
        op.execute(statement)
