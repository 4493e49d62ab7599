"""The tables one report passes through: letterbox, cases, staff, audit trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False, comment="the directory's row, its source included"),
        sa.Column(
            "home", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="the hotline that runs this"
        ),
        sa.Column("public_key", sa.String(), nullable=True, comment="set once connected"),
        sa.CheckConstraint("NOT home OR public_key IS NOT NULL", name="ck_agencies_home_is_connected"),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
        sa.UniqueConstraint("code", name="uq_agencies_code"),
    )
    op.create_index("ix_agencies_country", "agencies", ["country"], unique=False)
    op.create_index("uq_agencies_home", "agencies", ["home"], unique=True, postgresql_where=sa.text("home"))
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("danger", sa.String(length=8), nullable=False),
        sa.Column("report_count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="of its first report"),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("disposition", sa.String(length=24), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (disposition IS NOT NULL AND closed_at IS NOT NULL)",
            name="ck_cases_closed_with_a_disposition",
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name="ck_cases_state"),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name="ck_cases_priority"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_cases_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("reference", name="uq_cases_reference"),
    )
    op.create_index(
        "ix_cases_queue",
        "cases",
        ["agency_id", "priority", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="argon2id"),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=False, comment="sealed under the console's staff key"),
        sa.Column(
            "totp_step",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="the last step used; each works once",
        ),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('analyst', 'supervisor', 'administrator')", name="ck_staff_role"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_staff_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True, comment="none: the command line"),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True, comment="the case, report, person or agency"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_audit_entries_agency_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_audit_entries_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject", "at"], unique=False)
    op.create_table(
        "dispositions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("disposition", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_dispositions_agency_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_dispositions_case_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_dispositions_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dispositions"),
    )
    op.create_index("ix_dispositions_case_id", "dispositions", ["case_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("danger", sa.String(length=8), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True, comment="the data key, for triage; gone once filed"),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "mailbox_key", sa.LargeBinary(), nullable=False, comment="X25519 public half; answers are sealed to it"
        ),
        sa.Column("state", sa.String(length=12), server_default="received", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trouble", sa.String(length=64), nullable=True, comment="the last failure's class, never its text"),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'filed') = (case_id IS NOT NULL)", name="ck_reports_filed_in_a_case"),
        sa.CheckConstraint("state = 'filed' OR wrapped_key IS NOT NULL", name="ck_reports_can_be_opened"),
        sa.CheckConstraint("state IN ('received', 'filed', 'quarantined')", name="ck_reports_state"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reports_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_reports_case_id", "reports", ["case_id"], unique=False)
    op.create_index(
        "ix_reports_waiting",
        "reports",
        [sa.literal_column("(danger <> 'yes')"), "received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_index(
        "ix_reports_quarantined", "reports", ["id"], unique=False, postgresql_where=sa.text("state = 'quarantined'")
    )
    op.create_index("ix_reports_receipt_hash", "reports", ["receipt_hash"], unique=False)
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"], unique=False)
    op.create_table(
        "report_keys",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_report_keys_agency_id"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name="fk_report_keys_report_id"),
        sa.PrimaryKeyConstraint("report_id", "agency_id", name="pk_report_keys"),
    )
    # Sealed bytes do not compress: keep PostgreSQL from trying.
    for column in ("wrapped_key", "what", "link", "contact"):
        op.execute(f"ALTER TABLE reports ALTER COLUMN {column} SET STORAGE EXTERNAL")
