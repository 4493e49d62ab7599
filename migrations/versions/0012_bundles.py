"""Bundles: what a case is known by, related cases, reports moved by hand, and answers to all reporters of a case.

Marks and sketches are keyed values (docs/sealing.md). Intake can neither read nor write any of this; the console moves
what is its agency's own. A case that goes to another agency is known by nothing any more: the values are of the old
one's key, and a report of the old agency must not be filed where it cannot be read.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

AGENCY = "NULLIF(current_setting('hotline.agency', true), '')::uuid"
BANDS = range(1, 7)
OWN = ("case_marks", "case_texts", "case_links", "regroupings", "answer_copies")

STATEMENTS = (
    "ALTER TABLE answer_copies ALTER COLUMN for_reporter SET STORAGE EXTERNAL",
    "ALTER TABLE regroupings ALTER COLUMN reason SET STORAGE EXTERNAL",
    *(f"CREATE INDEX ix_case_texts_band_{band} ON case_texts ((bands[{band}]))" for band in BANDS),
    "CREATE INDEX ix_case_texts_flood ON case_texts (case_id) WHERE copies >= 5",
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in OWN),
    *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in OWN),
    *(
        f"CREATE POLICY own_rows ON {table} TO hotline_console USING (agency_id = {AGENCY})"
        f" WITH CHECK (agency_id = {AGENCY})"
        for table in OWN
    ),
    *(
        f"CREATE POLICY triage_bundles ON {table} TO hotline_triage USING (true) WITH CHECK (true)"
        for table in ("case_marks", "case_texts", "case_links")
    ),
    "GRANT SELECT, INSERT ON case_marks, case_texts, case_links TO hotline_triage",
    "GRANT UPDATE (report_count, first_seen_at, last_seen_at) ON case_marks TO hotline_triage",
    "GRANT UPDATE (copies, first_seen_at, last_seen_at) ON case_texts TO hotline_triage",
    "GRANT UPDATE (priority, marks, text_id) ON reports TO hotline_triage",
    "GRANT UPDATE (danger, received_at, last_received_at) ON cases TO hotline_triage",
    "GRANT SELECT, INSERT, DELETE ON case_marks TO hotline_console",
    "GRANT SELECT, INSERT ON case_texts TO hotline_console",
    "GRANT UPDATE (case_id, copies, first_seen_at, last_seen_at) ON case_texts TO hotline_console",
    "GRANT SELECT, INSERT ON case_links, regroupings, answer_copies TO hotline_console",
    "GRANT SELECT (priority, marks, text_id) ON reports TO hotline_console",
    "GRANT UPDATE (case_id, text_id) ON reports TO hotline_console",
    "GRANT INSERT ON cases TO hotline_console",
    "GRANT UPDATE (report_count, priority, danger, received_at, last_received_at, merged_into) ON cases"
    " TO hotline_console",
    "CREATE POLICY own_reports_move ON reports FOR UPDATE TO hotline_console"
    " USING (state = 'filed' AND EXISTS (SELECT FROM report_keys WHERE report_keys.report_id = reports.id))"
    f" WITH CHECK (state = 'filed' AND EXISTS (SELECT FROM cases WHERE cases.id = case_id AND agency_id = {AGENCY}))",
    "CREATE POLICY mailbox_opens ON answer_copies FOR SELECT TO CURRENT_USER USING (true)",
    *(
        f"CREATE POLICY given_away ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)"
        for table in ("case_marks", "case_texts", "case_links")
    ),
    "CREATE POLICY given_away ON reports FOR UPDATE TO CURRENT_USER USING (true) WITH CHECK (true)",
    """
    CREATE FUNCTION forget_bundling() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        DELETE FROM case_marks WHERE case_id = NEW.id;
        DELETE FROM case_texts WHERE case_id = NEW.id;
        DELETE FROM case_links WHERE case_id = NEW.id OR other_id = NEW.id;
        UPDATE reports SET marks = '{}', text_id = NULL WHERE case_id = NEW.id;
        RETURN NULL;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION forget_bundling() FROM PUBLIC",
    """
    CREATE TRIGGER forget_bundling AFTER UPDATE OF agency_id ON cases FOR EACH ROW
        WHEN (OLD.agency_id <> NEW.agency_id) EXECUTE FUNCTION forget_bundling()
    """,
    "DROP FUNCTION mailbox(bytea, integer)",
    """
    CREATE FUNCTION mailbox(receipt bytea, days integer)
        RETURNS TABLE (state text, written_at timestamptz, for_reporter bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT coalesce(cases.state, 'received'), said.written_at, said.for_reporter
        FROM reports
        LEFT JOIN cases ON cases.id = reports.case_id
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
    """,
    "REVOKE ALL ON FUNCTION mailbox(bytea, integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION mailbox(bytea, integer) TO hotline_intake",
    "ALTER TABLE cases NO FORCE ROW LEVEL SECURITY",
    "UPDATE cases SET last_received_at = received_at",
    "ALTER TABLE cases FORCE ROW LEVEL SECURITY",
)


def upgrade() -> None:
    _grow()
    _marks()
    _texts()
    _links()
    _regroupings()
    _answers()
    for statement in STATEMENTS:
        op.execute(statement)


def _grow() -> None:
    """What was filed before has no marks: nothing joins it by what it says."""
    op.add_column(
        "reports", sa.Column("priority", sa.SmallInteger(), comment="its own; its case has the most urgent one")
    )
    op.add_column(
        "reports",
        sa.Column(
            "marks",
            postgresql.ARRAY(sa.BigInteger()),
            server_default="{}",
            nullable=False,
            comment="blind indexes of what it names",
        ),
    )
    op.add_column("reports", sa.Column("text_id", sa.Uuid(), comment="the one of `case_texts` that its words are like"))
    op.add_column(
        "cases",
        sa.Column(
            "last_received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="of its newest report",
        ),
    )
    op.add_column(
        "cases", sa.Column("merged_into", sa.Uuid(), comment="where its reports are now; it has none of its own then")
    )
    op.create_foreign_key("fk_cases_merged_into", "cases", "cases", ["merged_into"], ["id"])
    op.create_check_constraint("ck_cases_merged_is_closed", "cases", "merged_into IS NULL OR state = 'closed'")


def _seen() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
    )


def _points_to(table: str, **columns: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
        for column, target in columns.items()
    )


def _marks() -> None:
    op.create_table(
        "case_marks",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("blind", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("report_count", sa.Integer(), nullable=False),
        *_seen(),
        *_points_to("case_marks", agency_id="agencies", case_id="cases"),
        sa.PrimaryKeyConstraint("agency_id", "blind", "case_id", name="pk_case_marks"),
    )
    op.create_index("ix_case_marks_case_id", "case_marks", ["case_id"])


def _texts() -> None:
    op.create_table(
        "case_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "bands", postgresql.ARRAY(sa.BigInteger()), nullable=False, comment="keyed values of parts of the sketch"
        ),
        sa.Column("sketch", sa.LargeBinary(), nullable=False, comment="keyed, a bit for each word"),
        sa.Column(
            "tag",
            sa.BigInteger(),
            nullable=False,
            comment="keyed; who tells it, for whoever has the sketch and the key",
        ),
        sa.Column("copies", sa.Integer(), nullable=False),
        *_seen(),
        *_points_to("case_texts", agency_id="agencies", case_id="cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_texts"),
    )
    op.create_index("ix_case_texts_case_id", "case_texts", ["case_id"])


def _links() -> None:
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *_points_to("case_links", case_id="cases", other_id="cases", agency_id="agencies"),
        sa.PrimaryKeyConstraint("case_id", "other_id", name="pk_case_links"),
    )
    op.create_index("ix_case_links_other_id", "case_links", ["other_id"])


def _regroupings() -> None:
    op.create_table(
        "regroupings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("reports", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("undoes", sa.Uuid()),
        sa.Column("was_state", sa.String(length=8), nullable=False, comment="of the case they came from, as the rest"),
        sa.Column("was_disposition", sa.String(length=24)),
        sa.Column("was_closed_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        *_points_to(
            "regroupings", agency_id="agencies", staff_id="staff", from_id="cases", to_id="cases", undoes="regroupings"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_regroupings"),
        sa.UniqueConstraint("undoes", name="uq_regroupings_undoes"),
    )
    op.create_index("ix_regroupings_from_id", "regroupings", ["from_id"])
    op.create_index("ix_regroupings_to_id", "regroupings", ["to_id"])


def _answers() -> None:
    op.add_column(
        "answers",
        sa.Column("reporters", sa.Integer(), server_default="1", nullable=False, comment="how many it was written to"),
    )
    op.create_table(
        "answer_copies",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("for_reporter", sa.LargeBinary(), nullable=False),
        *_points_to("answer_copies", answer_id="answers", report_id="reports", agency_id="agencies"),
        sa.PrimaryKeyConstraint("answer_id", "report_id", name="pk_answer_copies"),
    )
    op.create_index("ix_answer_copies_report_id", "answer_copies", ["report_id"])
