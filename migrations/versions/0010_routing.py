"""Routing: documents of rules in all their versions, why each case went where it went, and refusals.

A refusal is a function: the console may not give a case away by itself, row-level security keeps every row where it is.
The function runs as the tables' owner, whom forced row-level security binds too, hence the policies for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

AGENCY = "NULLIF(current_setting('hotline.agency', true), '')::uuid"
ARGUMENTS = (
    ("refused", "uuid"),
    ("taker", "uuid"),
    ("person", "uuid"),
    ("reason", "text"),
    ("turn", "integer"),
    ("document", "uuid"),
    ("trouble", "text"),
    ("queue", "text"),
    ("notify", "text"),
    ("key_of", "uuid"),
    ("why", "bytea"),
    ("floor", "integer"),
    ("held", "uuid[]"),
    ("wraps", "bytea[]"),
)
TYPES = ", ".join(kind for _, kind in ARGUMENTS)

STATEMENTS = (
    *(f"ALTER TABLE routings ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in ("why", "facts")),
    "ALTER TABLE routings ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE routings FORCE ROW LEVEL SECURITY",
    "GRANT SELECT ON routing_documents TO hotline_triage, hotline_console",
    "GRANT INSERT ON routings TO hotline_triage",
    "GRANT SELECT ON routings TO hotline_console",
    "CREATE POLICY triage_routes ON routings FOR INSERT TO hotline_triage WITH CHECK (true)",
    f"""
    CREATE POLICY own_routings ON routings FOR SELECT TO hotline_console
        USING (agency_id = {AGENCY} OR EXISTS (SELECT FROM cases WHERE cases.id = routings.case_id))
    """,
    "CREATE POLICY refusing ON routings TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY refusing ON cases FOR UPDATE TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY refusing ON report_keys TO CURRENT_USER USING (true) WITH CHECK (true)",
    f"""
    CREATE FUNCTION refuse_case({", ".join(f"the_{name} {kind}" for name, kind in ARGUMENTS)}) RETURNS text
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        us uuid := {AGENCY};
        last_turn smallint;
        known_facts bytea;
    BEGIN
        PERFORM FROM cases WHERE id = the_refused AND agency_id = us AND state = 'open' FOR UPDATE;
        IF NOT FOUND OR NOT EXISTS (SELECT FROM staff WHERE id = the_person AND agency_id = us) THEN
            RETURN 'not_ours';
        END IF;
        IF the_taker = us
            OR EXISTS (SELECT FROM agencies WHERE id = us AND home)
            OR NOT EXISTS (SELECT FROM agencies WHERE id = the_taker AND public_key IS NOT NULL)
            OR EXISTS (
                SELECT FROM routings
                WHERE case_id = the_refused AND agency_id = the_taker AND refused_at IS NOT NULL
            )
        THEN
            RETURN 'cannot_take';
        END IF;
        IF (SELECT array_agg(id ORDER BY id) FROM reports WHERE case_id = the_refused)
            IS DISTINCT FROM (SELECT array_agg(id ORDER BY id) FROM unnest(the_held) AS id)
        THEN
            RETURN 'more_reports';
        END IF;
        SELECT turn, facts INTO last_turn, known_facts FROM routings
            WHERE case_id = the_refused AND agency_id = us AND refused_at IS NULL;
        IF last_turn IS NULL THEN
            last_turn := 0;
            INSERT INTO routings (case_id, turn, agency_id, report_id, why)
                VALUES (the_refused, 0, us, the_key_of, '');
        END IF;
        IF the_turn <> last_turn + 1 THEN
            RETURN 'more_reports';
        END IF;
        UPDATE routings SET refusal = the_reason, refused_at = clock_timestamp(), refused_by = the_person
            WHERE case_id = the_refused AND turn = last_turn;
        DELETE FROM report_keys WHERE agency_id = us AND report_id = ANY (the_held);
        INSERT INTO report_keys (report_id, agency_id, wrapped_key)
            SELECT id, the_taker, wrap FROM unnest(the_held, the_wraps) AS given (id, wrap);
        UPDATE cases SET agency_id = the_taker, priority = least(priority, the_floor) WHERE id = the_refused;
        INSERT INTO routings
            (case_id, turn, agency_id, document_id, trouble, queue, notify, report_id, why, facts)
            VALUES (the_refused, the_turn, the_taker, the_document, the_trouble, the_queue, the_notify,
                the_key_of, the_why, known_facts);
        RETURN 'done';
    END
    $$
    """,
    f"REVOKE ALL ON FUNCTION refuse_case({TYPES}) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION refuse_case({TYPES}) TO hotline_console",
)


def upgrade() -> None:
    op.create_table(
        "routing_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the text in UTF-8"),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="draft", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in ("shadowed_at", "published_at", "retired_at")),
        sa.CheckConstraint("state IN ('draft', 'shadow', 'live', 'retired')", name="ck_routing_documents_state"),
        sa.PrimaryKeyConstraint("id", name="pk_routing_documents"),
        sa.UniqueConstraint("version", name="uq_routing_documents_version"),
    )
    for state in ("live", "shadow"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_routing_documents_{state}", "routing_documents", ["state"], unique=True, postgresql_where=only
        )
    op.create_table(
        "routings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False, comment="how many have refused before"),
        sa.Column(
            "agency_id", sa.Uuid(), nullable=False, comment="one of a case's agencies, which are looked after there"
        ),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("document_id", sa.Uuid(), comment="the version that decided; no foreign key, none is deleted"),
        sa.Column("trouble", sa.String(length=16), comment="an alarm: the rules could not be followed"),
        sa.Column("queue", sa.String(length=40)),
        sa.Column("notify", sa.String(length=200), comment="names, with commas"),
        sa.Column("report_id", sa.Uuid(), nullable=False, comment="whose data key opens `why`"),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), comment="what the rules looked at, sealed for back-tests"),
        sa.Column("shadow_document_id", sa.Uuid(), comment="the shadow that was asked too"),
        sa.Column("shadow_agency_id", sa.Uuid(), comment="where it would have gone, if elsewhere"),
        sa.Column("refusal", sa.String(length=16)),
        sa.Column("refused_at", sa.DateTime(timezone=True)),
        sa.Column("refused_by", sa.Uuid(), comment="the member of staff"),
        sa.CheckConstraint("(refusal IS NULL) = (refused_at IS NULL)", name="ck_routings_refused_with_a_reason"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_routings_case_id"),
        sa.PrimaryKeyConstraint("case_id", "turn", name="pk_routings"),
    )
    op.create_index(
        "ix_routings_shadow",
        "routings",
        ["shadow_document_id", "shadow_agency_id"],
        postgresql_where=sa.text("shadow_document_id IS NOT NULL"),
    )
    op.create_index("ix_routings_trouble", "routings", ["decided_at"], postgresql_where=sa.text("trouble IS NOT NULL"))
    for statement in STATEMENTS:
        op.execute(statement)
