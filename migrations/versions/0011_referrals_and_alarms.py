"""Referrals, what is on its way out, who is called and for what; how an agency receives and when it works.

The console writes what it sends, sealed to the worker that delivers it, and cannot read it back. Who is on call is
known to the worker alone. However a case comes to another agency, nobody there has taken it and its clock begins anew.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

AGENCY = "NULLIF(current_setting('hotline.agency', true), '')::uuid"
DUE = "state IN ('waiting', 'sending', 'failed')"
WALLED = ("referrals", "deliveries", "alarms")
SHOWN = "id, kind, by, agency_id, to_agency_id, state, attempts, made_at, next_try_at, delivered_at, trouble, receipt"

STATEMENTS = (
    "ALTER TABLE deliveries ALTER COLUMN letter SET STORAGE EXTERNAL",
    "ALTER TABLE referrals ALTER COLUMN handed SET STORAGE EXTERNAL",
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in WALLED),
    *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in WALLED),
    *(f"CREATE POLICY triage_delivers ON {table} TO hotline_triage USING (true) WITH CHECK (true)" for table in WALLED),
    f"CREATE POLICY own_referrals ON referrals TO hotline_console"
    f" USING (agency_id = {AGENCY}) WITH CHECK (agency_id = {AGENCY})",
    f"CREATE POLICY received_referrals ON referrals FOR SELECT TO hotline_console"
    f" USING (to_agency_id = {AGENCY} AND handed IS NOT NULL)",
    f"CREATE POLICY reading_referrals ON referrals FOR UPDATE TO hotline_console"
    f" USING (to_agency_id = {AGENCY} AND handed IS NOT NULL) WITH CHECK (to_agency_id = {AGENCY})",
    f"CREATE POLICY own_deliveries ON deliveries TO hotline_console"
    f" USING (agency_id = {AGENCY}) WITH CHECK (agency_id = {AGENCY})",
    f"CREATE POLICY own_alarms ON alarms TO hotline_console"
    f" USING (agency_id = {AGENCY}) WITH CHECK (agency_id = {AGENCY})",
    "GRANT INSERT ON referrals TO hotline_triage",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries, circuits TO hotline_triage",
    "GRANT SELECT, INSERT, UPDATE ON alarms TO hotline_triage",
    "GRANT SELECT ON on_call TO hotline_triage",
    "GRANT UPDATE (taken_at, clock_from, breached_at) ON cases TO hotline_triage",
    "GRANT INSERT ON audit_entries TO hotline_triage",
    "CREATE POLICY rules_are_audited ON audit_entries FOR INSERT TO hotline_triage WITH CHECK (staff_id IS NULL)",
    "GRANT SELECT, INSERT, UPDATE (read_at) ON referrals TO hotline_console",
    f"GRANT SELECT ({SHOWN}), INSERT, UPDATE (state, before, next_try_at) ON deliveries TO hotline_console",
    "GRANT SELECT (target), DELETE ON circuits TO hotline_console",
    "GRANT SELECT, UPDATE (state, ended_at, taken_by) ON alarms TO hotline_console",
    "GRANT UPDATE (taken_at, taken_by, clock_from, stopped_at) ON cases TO hotline_console",
    """
    CREATE FUNCTION begin_anew() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        NEW.taken_at := NULL;
        NEW.taken_by := NULL;
        NEW.clock_from := now();
        NEW.stopped_at := NULL;
        NEW.breached_at := NULL;
        RETURN NEW;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION begin_anew() FROM PUBLIC",
    "CREATE TRIGGER begin_anew BEFORE UPDATE OF agency_id ON cases FOR EACH ROW"
    " WHEN (OLD.agency_id IS DISTINCT FROM NEW.agency_id) EXECUTE FUNCTION begin_anew()",
)


def upgrade() -> None:
    _columns()
    _on_call()
    _referrals()
    _deliveries()
    _alarms()
    for statement in STATEMENTS:
        op.execute(statement)


def _columns() -> None:
    for column in (
        sa.Column("way", postgresql.JSONB(), comment="how it receives, as triage.referrals.ways has it"),
        sa.Column("way_secret", sa.LargeBinary(), comment="what it takes to log in there, sealed to the courier"),
        sa.Column("hours", postgresql.JSONB(), comment="when it works and how soon, as triage.deadlines has it"),
    ):
        op.add_column("agencies", column)
    for column in (
        sa.Column(
            "taken_at",
            sa.DateTime(timezone=True),
            comment="when somebody first opened it; an alarm rings until then",
        ),
        sa.Column("taken_by", sa.Uuid(), sa.ForeignKey("staff.id", name="fk_cases_taken_by")),
        sa.Column(
            "clock_from",
            sa.DateTime(timezone=True),
            comment="where its deadline counts from; none: from when it was received",
        ),
        sa.Column("breached_at", sa.DateTime(timezone=True), comment="when its deadline was seen to have passed"),
        sa.Column("stopped_at", sa.DateTime(timezone=True), comment="since when its deadline does not count"),
    ):
        op.add_column("cases", column)
    running = sa.text("state = 'open' AND breached_at IS NULL")
    op.create_index("ix_cases_running", "cases", ["agency_id", "priority", "received_at"], postgresql_where=running)
    untaken = sa.text("state = 'open' AND priority = 1 AND taken_at IS NULL")
    op.create_index("ix_cases_untaken", "cases", ["id"], postgresql_where=untaken)


def _on_call() -> None:
    op.create_table(
        "on_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False, comment="the address, enclosed to the courier"),
        _moment("added_at"),
        sa.CheckConstraint("turn BETWEEN 1 AND 9", name="ck_on_call_turn"),
        sa.CheckConstraint("by IN ('email', 'webhook')", name="ck_on_call_by"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_on_call_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_on_call"),
    )
    op.create_index("ix_on_call_agency_id", "on_call", ["agency_id"])


def _referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("to_agency_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), comment="none: a rule sent it"),
        _moment("made_at"),
        sa.Column("reason", sa.LargeBinary(), comment="enclosed to the agency that sends; none: a rule has no words"),
        sa.Column("handed", sa.LargeBinary(), comment="enclosed to an agency that reads it in this console"),
        sa.Column("read_at", sa.DateTime(timezone=True), comment="when the other agency first opened it here"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_referrals_case_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_referrals_agency_id"),
        sa.ForeignKeyConstraint(["to_agency_id"], ["agencies.id"], name="fk_referrals_to_agency_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_referrals_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
    )
    op.create_index("ix_referrals_case_id", "referrals", ["case_id"])
    op.create_index(
        "ix_referrals_received",
        "referrals",
        ["to_agency_id", sa.text("made_at DESC")],
        postgresql_where=sa.text("handed IS NOT NULL"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False, comment="whose staff look after it"),
        sa.Column("to_agency_id", sa.Uuid()),
        sa.Column("on_call_id", sa.Uuid()),
        sa.Column("letter", sa.LargeBinary(), comment="enclosed to the courier; gone once delivered"),
        sa.Column("state", sa.String(length=12), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "before",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="attempts made before a person had it sent again",
        ),
        _moment("made_at"),
        _moment("next_try_at"),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("trouble", sa.String(length=16)),
        sa.Column("remote", sa.String(length=64), comment="what the other side opened and has not finished"),
        sa.Column("receipt", sa.String(length=200), comment="the other side's"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'delivered', 'failed', 'given_up')", name="ck_deliveries_state"
        ),
        sa.CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="ck_deliveries_delivered_once"),
        sa.CheckConstraint("state = 'delivered' OR letter IS NOT NULL", name="ck_deliveries_can_be_sent"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_deliveries_agency_id"),
        sa.ForeignKeyConstraint(["to_agency_id"], ["agencies.id"], name="fk_deliveries_to_agency_id"),
        sa.ForeignKeyConstraint(["on_call_id"], ["on_call.id"], name="fk_deliveries_on_call_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    due, undelivered = sa.text(DUE), sa.text("state IN ('failed', 'given_up')")
    order = [sa.text("(kind <> 'alarm')"), "next_try_at"]
    op.create_index("ix_deliveries_due", "deliveries", order, postgresql_where=due)
    op.create_index("ix_deliveries_agency", "deliveries", ["agency_id", sa.text("made_at DESC")])
    op.create_index("ix_deliveries_undelivered", "deliveries", ["agency_id", "made_at"], postgresql_where=undelivered)
    called = sa.text("on_call_id IS NOT NULL")
    op.create_index("ix_deliveries_on_call", "deliveries", ["on_call_id", "made_at"], postgresql_where=called)
    old = sa.text("kind <> 'referral'")
    op.create_index("ix_deliveries_old", "deliveries", ["made_at"], postgresql_where=old)
    op.create_table(
        "circuits",
        sa.Column("target", sa.Uuid(), nullable=False, comment="an agency, or somebody on call"),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False, comment="one after the other"),
        _moment("broken_until"),
        sa.PrimaryKeyConstraint("target", name="pk_circuits"),
    )


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="ringing", nullable=False),
        _moment("raised_at"),
        sa.Column("rings", sa.SmallInteger(), server_default="0", nullable=False),
        _moment("ring_at", comment="when it rings next"),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("taken_by", sa.Uuid()),
        sa.CheckConstraint("state IN ('ringing', 'taken', 'over')", name="ck_alarms_state"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alarms_case_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_alarms_agency_id"),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name="fk_alarms_taken_by"),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
    )
    ringing = sa.text("state = 'ringing'")
    op.create_index("uq_alarms_ringing", "alarms", ["case_id", "kind"], unique=True, postgresql_where=ringing)
    op.create_index("ix_alarms_ring_at", "alarms", ["ring_at"], postgresql_where=ringing)
    op.create_index("ix_alarms_case_id", "alarms", ["case_id", "kind"])


def _moment(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False, comment=comment)
