"""Takedowns: links that hosting providers are asked to remove, and the providers.

The console asks and marks; a worker makes the notices, which are deliveries as referrals are. What it tells a provider
it has sealed to its own key; the link that staff read is sealed to their agency. A case that goes to another agency
leaves its takedowns behind, stopped: nobody there would look after them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

AGENCY = "NULLIF(current_setting('hotline.agency', true), '')::uuid"
TABLES = ("providers", "takedowns", "takedown_notices")
RUNNING = "state IN ('open', 'answered')"
SHOWN = (
    "id, case_id, agency_id, provider_id, staff_id, asked_at, offence, mark, link, why, wrapped_key, state, wanted,"
    " notices, check_at, unknown_at, changed_at, changed_by"
)
TOLD = "id, case_id, agency_id, provider_id, asked_at, offence, letter, state, wanted, notices, check_at, unknown_at"

STATEMENTS = (
    *(f"ALTER TABLE takedowns ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in ("link", "why", "letter")),
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
    *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
    *(f"CREATE POLICY triage_notices ON {table} TO hotline_triage USING (true) WITH CHECK (true)" for table in TABLES),
    f"CREATE POLICY known_providers ON providers FOR SELECT TO hotline_console"
    f" USING (agency_id IS NULL OR agency_id = {AGENCY})",
    f"CREATE POLICY own_providers ON providers FOR INSERT TO hotline_console WITH CHECK (agency_id = {AGENCY})",
    "CREATE POLICY kept_by_hand ON providers TO CURRENT_USER USING (true) WITH CHECK (true)",
    f"CREATE POLICY own_takedowns ON takedowns TO hotline_console"
    f" USING (agency_id = {AGENCY}) WITH CHECK (agency_id = {AGENCY})",
    f"CREATE POLICY own_notices ON takedown_notices FOR SELECT TO hotline_console USING (agency_id = {AGENCY})",
    "CREATE POLICY given_away ON takedowns TO CURRENT_USER USING (true) WITH CHECK (true)",
    "GRANT SELECT ON providers TO hotline_triage",
    f"GRANT SELECT ({TOLD}), UPDATE (wanted, notices, check_at, unknown_at) ON takedowns TO hotline_triage",
    "GRANT SELECT, INSERT ON takedown_notices TO hotline_triage",
    "GRANT SELECT, INSERT ON providers TO hotline_console",
    f"GRANT SELECT ({SHOWN}), INSERT ON takedowns TO hotline_console",
    "GRANT UPDATE (state, wanted, letter, check_at, changed_at, changed_by) ON takedowns TO hotline_console",
    "GRANT SELECT ON takedown_notices TO hotline_console",
    "GRANT SELECT (provider_id) ON deliveries TO hotline_console",
    """
    CREATE FUNCTION stop_takedowns() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE takedowns SET state = 'stopped', wanted = false, letter = NULL, changed_at = now(), changed_by = NULL
            WHERE case_id = NEW.id AND state IN ('open', 'answered');
        RETURN NULL;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION stop_takedowns() FROM PUBLIC",
    """
    CREATE TRIGGER stop_takedowns AFTER UPDATE OF agency_id ON cases FOR EACH ROW
        WHEN (OLD.agency_id <> NEW.agency_id) EXECUTE FUNCTION stop_takedowns()
    """,
)


def upgrade() -> None:
    _providers()
    _takedowns()
    _deliveries()
    for statement in STATEMENTS:
        op.execute(statement)


def _providers() -> None:
    op.create_table(
        "providers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "way", postgresql.JSONB(), nullable=False, comment="how it receives, as triage.referrals.ways has it"
        ),
        sa.Column(
            "sites",
            postgresql.ARRAY(sa.String(length=253)),
            server_default="{}",
            nullable=False,
            comment="domains by which it is suggested",
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "retired_at",
            sa.DateTime(timezone=True),
            comment="since when it is offered no more; what runs goes on",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_providers_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_providers"),
    )
    op.create_index(
        "uq_providers_contact",
        "providers",
        ["agency_id", "way"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def _takedowns() -> None:
    op.create_table(
        "takedowns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False, comment="who asked"),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("offence", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False, comment="keyed; equal for the same link of one agency"),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("link", "why", "wrapped_key")),
        sa.Column(
            "letter",
            sa.LargeBinary(),
            comment="what the provider is told, enclosed to the courier; gone once it is over",
        ),
        sa.Column("state", sa.String(length=12), server_default="open", nullable=False),
        sa.Column(
            "wanted",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="a notice is to be sent at once",
        ),
        sa.Column("notices", sa.SmallInteger(), server_default="0", nullable=False, comment="that were made of it"),
        sa.Column("check_at", sa.DateTime(timezone=True), comment="when staff are asked whether it is gone"),
        sa.Column(
            "unknown_at",
            sa.DateTime(timezone=True),
            comment="when its host's name was last found to lead nowhere",
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("changed_by", sa.Uuid()),
        sa.CheckConstraint("state IN ('open', 'answered', 'removed', 'refused', 'stopped')", name="ck_takedowns_state"),
        sa.CheckConstraint(
            "(state IN ('open', 'answered')) = (letter IS NOT NULL)", name="ck_takedowns_over_is_forgotten"
        ),
        sa.CheckConstraint("state = 'open' OR NOT wanted", name="ck_takedowns_wanted_is_open"),
        *_points_to(
            "takedowns",
            case_id="cases",
            agency_id="agencies",
            provider_id="providers",
            staff_id="staff",
            changed_by="staff",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_takedowns"),
    )
    running, wanted = sa.text(RUNNING), sa.text("wanted")
    op.create_index("ix_takedowns_case_id", "takedowns", ["case_id"])
    op.create_index("uq_takedowns_running", "takedowns", ["agency_id", "mark"], unique=True, postgresql_where=running)
    op.create_index("ix_takedowns_mark", "takedowns", ["agency_id", "mark"])
    op.create_index("ix_takedowns_wanted", "takedowns", ["agency_id", "provider_id"], postgresql_where=wanted)
    op.create_index("ix_takedowns_check", "takedowns", ["agency_id", "check_at"], postgresql_where=running)


def _deliveries() -> None:
    op.add_column("deliveries", sa.Column("provider_id", sa.Uuid()))
    op.create_foreign_key("fk_deliveries_provider_id", "deliveries", "providers", ["provider_id"], ["id"])
    op.drop_index("ix_deliveries_old", "deliveries")
    forgotten = sa.text("kind IN ('alarm', 'digest')")
    op.create_index("ix_deliveries_old", "deliveries", ["made_at"], postgresql_where=forgotten)
    op.alter_column("circuits", "target", existing_type=sa.Uuid(), comment="an agency, a provider, or somebody on call")
    op.create_table(
        "takedown_notices",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("takedown_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        *_points_to("takedown_notices", delivery_id="deliveries", takedown_id="takedowns", agency_id="agencies"),
        sa.PrimaryKeyConstraint("delivery_id", "takedown_id", name="pk_takedown_notices"),
    )
    op.create_index("ix_takedown_notices_takedown_id", "takedown_notices", ["takedown_id"])


def _points_to(table: str, **columns: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
        for column, target in columns.items()
    )
