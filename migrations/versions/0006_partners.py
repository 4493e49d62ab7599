"""Partners: who may send by API or embed the tab, and the narrow functions through which intake meets them.

Intake gets one partner for one secret or one code, never a list. What a partner sends goes in by a function that says
for each row whether it was taken: the same idempotency key with other content is told apart where it is stored, so
two processes cannot both take it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

COLUMNS = (
    ("id", "uuid"),
    *((name, "text") for name in ("channel", "language", "country", "danger")),
    *((name, "bytea") for name in ("wrapped_key", "what", "link", "contact", "details")),
    *((name, "bytea") for name in ("receipt_hash", "mailbox_key")),
    ("crowded", "boolean"),
    ("partner_id", "uuid"),
    ("source", "bytea"),
    ("completeness", "bigint"),
)
KEYS = (("key", "bytea"), ("content", "bytea"))
SENT = (*COLUMNS, *KEYS)
NAMES = ", ".join(name for name, _ in COLUMNS)
ARRAYS = ", ".join(f"{type_}[]" for _, type_ in SENT)
ROWS = (
    f"unnest({', '.join(f'${n}' for n, _ in enumerate(SENT, 1))})"
    f" WITH ORDINALITY AS sent ({', '.join(name for name, _ in SENT)}, place)"
)
FACTS = (
    "partners.id, partners.code, partners.name, partners.username, partners.origins, partners.jwks,"
    " partners.must_sign, partners.quota_per_minute, partners.tells_submitted, partners.quarantined_at IS NOT NULL"
)
FACT_TYPES = (
    "id uuid, code varchar, name varchar, username varchar, origins varchar[], jwks jsonb,"
    " must_sign boolean, quota_per_minute integer, tells_submitted boolean, quarantined boolean, kind varchar"
)
FUNCTIONS = ("partner_by_secret(bytea)", "partner_by_code(text)", f"take_from_partners({ARRAYS})")

STATEMENTS = (
    "ALTER TABLE reports ALTER COLUMN source SET STORAGE EXTERNAL",
    "GRANT INSERT (partner_id, source, completeness) ON reports TO hotline_intake",
    "GRANT INSERT (partner_id) ON drafts TO hotline_intake",
    "GRANT INSERT (partner_id) ON reports TO hotline_triage",
    "GRANT SELECT (channel, partner_id, source, completeness) ON reports TO hotline_console",
    "GRANT SELECT (id, code, name) ON partners TO hotline_console",
    "GRANT SELECT, DELETE ON idempotency_keys TO hotline_triage",
    "CREATE POLICY partners_post ON reports FOR INSERT TO CURRENT_USER WITH CHECK (true)",
    f"""
    CREATE FUNCTION partner_by_secret(secret bytea) RETURNS TABLE ({FACT_TYPES})
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT {FACTS}, credential.kind
        FROM partner_credentials AS credential JOIN partners ON partners.id = credential.partner_id
        WHERE credential.secret_hash = secret AND credential.revoked_at IS NULL
    $$
    """,
    f"""
    CREATE FUNCTION partner_by_code(wanted text) RETURNS TABLE ({FACT_TYPES})
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT {FACTS}, NULL::varchar FROM partners WHERE partners.code = wanted
    $$
    """,
    f"""
    CREATE FUNCTION take_from_partners({ARRAYS}) RETURNS text[]
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        INSERT INTO idempotency_keys (id, content, report_id)
            SELECT DISTINCT ON (key) key, content, sent.id FROM {ROWS}
            WHERE EXISTS (SELECT FROM partners WHERE partners.id = sent.partner_id AND quarantined_at IS NULL)
            ORDER BY key, place
            ON CONFLICT DO NOTHING;
        INSERT INTO reports ({NAMES})
            SELECT {", ".join(f"sent.{name}" for name, _ in COLUMNS)} FROM {ROWS}
            JOIN idempotency_keys AS kept ON kept.id = sent.key AND kept.report_id = sent.id
            WHERE EXISTS (SELECT FROM partners WHERE partners.id = sent.partner_id AND quarantined_at IS NULL)
            ORDER BY sent.id
            ON CONFLICT DO NOTHING;
        RETURN (
            SELECT array_agg(
                CASE WHEN partners.id IS NULL THEN 'quarantined'
                    WHEN kept.content = sent.content THEN 'taken'
                    ELSE 'conflict' END
                ORDER BY place)
            FROM {ROWS}
            LEFT JOIN partners ON partners.id = sent.partner_id AND quarantined_at IS NULL
            LEFT JOIN idempotency_keys AS kept ON kept.id = sent.key
        );
    END
    $$
    """,
    *(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in FUNCTIONS),
    *(f"GRANT EXECUTE ON FUNCTION {name} TO hotline_intake" for name in FUNCTIONS),
)


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False, comment="its name in addresses"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "origins",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="exact origins that may embed the tab",
        ),
        sa.Column("jwks", postgresql.JSONB(), comment="its public keys (RFC 7517); nothing is fetched from anywhere"),
        sa.Column(
            "must_sign",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="whether a request of its server counts only when it is signed",
        ),
        sa.Column("quota_per_minute", sa.Integer(), nullable=False),
        sa.Column("quarantined_at", sa.DateTime(timezone=True)),
        sa.Column(
            "tells_submitted",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="whether its page is told that something was sent",
        ),
        sa.CheckConstraint("quota_per_minute > 0", name="ck_partners_quota"),
        sa.CheckConstraint("jwks IS NOT NULL OR NOT must_sign", name="ck_partners_can_sign"),
        sa.PrimaryKeyConstraint("id", name="pk_partners"),
        sa.UniqueConstraint("code", name="uq_partners_code"),
        sa.UniqueConstraint("username", name="uq_partners_username"),
    )
    op.create_table(
        "partner_credentials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind IN ('password', 'api_key')", name="ck_partner_credentials_kind"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_credentials_partner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_partner_credentials"),
        sa.UniqueConstraint("secret_hash", name="uq_partner_credentials_secret_hash"),
    )
    op.create_index("ix_partner_credentials_partner_id", "partner_credentials", ["partner_id"])
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.LargeBinary(), nullable=False, comment="keyed hash of partner, door and key"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="keyed hash of what came with it"),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_used_at", "idempotency_keys", ["used_at"])
    for column in (
        sa.Column("source", sa.LargeBinary(), comment="sealed; what a partner sent, whole and as it came"),
        sa.Column(
            "partner_id",
            sa.Uuid(),
            comment="who sent it or embedded the tab; no foreign key, its lock would be one row for all of a partner",
        ),
        sa.Column("completeness", sa.SmallInteger(), comment="0 to 100: how much of what is needed a partner told"),
    ):
        op.add_column("reports", column)
    op.create_check_constraint("completeness", "reports", "completeness BETWEEN 0 AND 100")
    op.create_index(
        "ix_reports_partner",
        "reports",
        ["partner_id", "received_at"],
        postgresql_where=sa.text("partner_id IS NOT NULL"),
    )
    op.add_column("drafts", sa.Column("partner_id", sa.Uuid()))
    for statement in STATEMENTS:
        op.execute(statement)
