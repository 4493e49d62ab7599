"""Open reports: what a partner opens, adds files to and finishes, or retracts, or leaves to lapse.

Intake inserts nothing itself: two functions decide row by row, atomically, and say how. They tell a partner of its own
reports only; one of another partner, one that lapsed and one that never was have the same answer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SEALED = ("wrapped_key", "what", "link", "contact", "details", "source")
FORM = (
    *((name, "text") for name in ("channel", "language", "country", "danger")),
    *((name, "bytea") for name in ("wrapped_key", "what", "link", "contact", "details")),
    *((name, "bytea") for name in ("receipt_hash", "mailbox_key")),
    ("crowded", "boolean"),
    ("partner_id", "uuid"),
    ("source", "bytea"),
    ("completeness", "bigint"),
)
OPENING = (("report_id", "uuid"), *FORM, ("number", "bigint"), ("batched", "boolean"))
CHANGING = (
    ("act", "text"),
    ("number", "bigint"),
    ("partner_id", "uuid"),
    ("part_id", "uuid"),
    ("wrapped_key", "bytea"),
    ("sealed", "bytea"),
    ("fits", "boolean"),
)
NAMES = ", ".join(name for name, _ in OPENING)
SENT_NAMES = ", ".join(f"sent.{name}" for name, _ in OPENING)
MOVED = tuple(name for name, _ in FORM)
GONE = ", ".join(f"{name} = NULL" for name in (*SEALED, "receipt_hash", "mailbox_key"))
FILES = "coalesce(string_agg(replace(id::text, '-', ''), ' ' ORDER BY added_at, id), '')"
OPEN_FOR = "interval '24 hours'"
AFTER_A_CHANGE = "interval '1 hour'"


def arrays(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{type_}[]" for _, type_ in columns)


def rows(columns: tuple[tuple[str, str], ...]) -> str:
    places = ", ".join(f"${place}" for place, _ in enumerate(columns, 1))
    return f"unnest({places}) WITH ORDINALITY AS sent ({', '.join(name for name, _ in columns)}, place)"


FUNCTIONS = (f"open_reports({arrays(OPENING)})", f"change_open_reports({arrays(CHANGING)})")

STATEMENTS = (
    *(f"ALTER TABLE open_reports ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in SEALED),
    *(f"ALTER TABLE report_parts ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in ("upload", "details")),
    "ALTER TABLE open_reports ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE open_reports FORCE ROW LEVEL SECURITY",
    "ALTER TABLE report_parts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE report_parts FORCE ROW LEVEL SECURITY",
    "CREATE POLICY partners_open ON open_reports TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY partners_add ON report_parts TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY triage_sweeps ON open_reports TO hotline_triage USING (true)",
    "CREATE POLICY triage_folds ON report_parts TO hotline_triage USING (true)",
    "GRANT SELECT (number, state, lapses_at, ended_at), DELETE ON open_reports TO hotline_triage",
    "GRANT SELECT, DELETE ON report_parts TO hotline_triage",
    "GRANT UPDATE (source, completeness) ON reports TO hotline_triage",
    f"""
    CREATE FUNCTION open_reports({arrays(OPENING)}) RETURNS text[]
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        INSERT INTO open_reports ({NAMES}, lapses_at)
            SELECT {SENT_NAMES}, now() + {OPEN_FOR} FROM {rows(OPENING)}
            WHERE EXISTS (SELECT FROM partners WHERE partners.id = sent.partner_id AND quarantined_at IS NULL)
            ORDER BY sent.number
            ON CONFLICT DO NOTHING;
        RETURN (
            SELECT array_agg(
                CASE WHEN kept.number IS NOT NULL THEN 'done'
                    WHEN partners.id IS NULL THEN 'quarantined'
                    ELSE 'number_taken' END
                ORDER BY place)
            FROM {rows(OPENING)}
            LEFT JOIN partners ON partners.id = sent.partner_id AND quarantined_at IS NULL
            LEFT JOIN open_reports AS kept ON kept.number = sent.number AND kept.report_id = sent.report_id
        );
    END
    $$
    """,
    f"""
    CREATE FUNCTION change_open_reports({arrays(CHANGING)}) RETURNS text[]
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        outcomes text[] := '{{}}';
        wanted record;
        report open_reports;
        files text;
    BEGIN
        PERFORM 1 FROM open_reports WHERE open_reports.number = ANY ($2) ORDER BY open_reports.number FOR UPDATE;
        FOR wanted IN SELECT * FROM {rows(CHANGING)} ORDER BY place LOOP
            SELECT * INTO report FROM open_reports
                WHERE open_reports.number = wanted.number AND open_reports.partner_id = wanted.partner_id
                    AND (open_reports.state <> 'open' OR open_reports.lapses_at > now());
            IF NOT EXISTS (SELECT FROM partners WHERE partners.id = wanted.partner_id AND quarantined_at IS NULL) THEN
                outcomes := outcomes || 'quarantined'::text;
            ELSIF report.number IS NULL THEN
                outcomes := outcomes || 'no_report'::text;
            ELSIF report.ended_by = wanted.part_id THEN
                SELECT {FILES} INTO files FROM report_parts WHERE report_parts.number = report.number;
                outcomes := outcomes || ('done ' || files);
            ELSIF report.state <> 'open' THEN
                outcomes := outcomes || report.state::text;
            ELSIF wanted.act = 'upload' THEN
                INSERT INTO report_parts (id, number, report_id, upload_key, upload)
                    VALUES (wanted.part_id, report.number, report.report_id, wanted.wrapped_key, wanted.sealed)
                    ON CONFLICT DO NOTHING;
                UPDATE open_reports SET lapses_at = greatest(report.lapses_at, now() + {AFTER_A_CHANGE})
                    WHERE open_reports.number = report.number;
                outcomes := outcomes || 'done'::text;
            ELSIF wanted.act = 'describe' THEN
                IF NOT EXISTS (
                    SELECT FROM report_parts WHERE id = wanted.part_id AND report_parts.number = report.number
                ) THEN
                    outcomes := outcomes || 'no_file'::text;
                ELSIF report.batched AND NOT wanted.fits THEN
                    outcomes := outcomes || 'no_fit'::text;
                ELSE
                    UPDATE report_parts SET details_key = wanted.wrapped_key, details = wanted.sealed
                        WHERE id = wanted.part_id AND (details IS NULL OR details = wanted.sealed);
                    outcomes := outcomes || CASE WHEN FOUND THEN 'done' ELSE 'described' END::text;
                    UPDATE open_reports SET lapses_at = greatest(report.lapses_at, now() + {AFTER_A_CHANGE})
                        WHERE open_reports.number = report.number;
                END IF;
            ELSIF wanted.act = 'finish' THEN
                SELECT {FILES} INTO files FROM report_parts WHERE report_parts.number = report.number;
                IF report.batched AND files LIKE '% %' THEN
                    outcomes := outcomes || 'too_many'::text;
                ELSE
                    INSERT INTO reports (id, {", ".join(MOVED)})
                        VALUES (report.report_id, {", ".join(f"report.{name}" for name in MOVED)});
                    UPDATE open_reports SET state = 'finished', ended_at = now(), ended_by = wanted.part_id, {GONE}
                        WHERE open_reports.number = report.number;
                    outcomes := outcomes || ('done ' || files);
                END IF;
            ELSE
                DELETE FROM report_parts WHERE report_parts.number = report.number;
                UPDATE open_reports SET state = 'retracted', ended_at = now(), ended_by = wanted.part_id, {GONE}
                    WHERE open_reports.number = report.number;
                outcomes := outcomes || 'done'::text;
            END IF;
        END LOOP;
        RETURN outcomes;
    END
    $$
    """,
    *(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in FUNCTIONS),
    *(f"GRANT EXECUTE ON FUNCTION {name} TO hotline_intake" for name in FUNCTIONS),
)


def upgrade() -> None:
    op.create_table(
        "open_reports",
        sa.Column(
            "number",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="what its partner calls it; random",
        ),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="open", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Uuid(), comment="the request that did; the letterbox may ask twice"),
        sa.Column("batched", sa.Boolean(), nullable=False, comment="may hold one file only"),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2)),
        sa.Column("danger", sa.String(length=8), nullable=False),
        sa.Column("crowded", sa.Boolean(), server_default="false", nullable=False),
        *(sa.Column(name, sa.LargeBinary()) for name in SEALED),
        sa.Column("completeness", sa.SmallInteger()),
        sa.Column("receipt_hash", sa.LargeBinary()),
        sa.Column("mailbox_key", sa.LargeBinary()),
        sa.CheckConstraint("state IN ('open', 'finished', 'retracted')", name="ck_open_reports_state"),
        sa.CheckConstraint("(state = 'open') = (wrapped_key IS NOT NULL)", name="ck_open_reports_sealed_while_open"),
        sa.PrimaryKeyConstraint("number", name="pk_open_reports"),
    )
    for column, condition in (("lapses_at", "state = 'open'"), ("ended_at", "state <> 'open'")):
        op.create_index(f"ix_open_reports_{column}", "open_reports", [column], postgresql_where=sa.text(condition))
    op.create_table(
        "report_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False, comment="the place its report takes"),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("upload_key", sa.LargeBinary(), nullable=False),
        sa.Column("upload", sa.LargeBinary(), nullable=False),
        sa.Column("details_key", sa.LargeBinary()),
        sa.Column("details", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["number"], ["open_reports.number"], name="fk_report_parts_number", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_report_parts"),
    )
    op.create_index("ix_report_parts_number", "report_parts", ["number"])
    op.create_index("ix_report_parts_report_id", "report_parts", ["report_id"])
    for statement in STATEMENTS:
        op.execute(statement)
