"""Floods: what comes in one without a proof of work waits behind the rest, and a proof counts once.

A trigger, not a right: intake hands a proof over with its report and can neither read nor forget which were used.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
    CREATE FUNCTION use_proof() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        INSERT INTO proofs (id) VALUES (NEW.proof) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            NEW.crowded := true;
        END IF;
        NEW.proof := NULL;
        RETURN NEW;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION use_proof() FROM PUBLIC",
    "CREATE TRIGGER use_proof BEFORE INSERT ON reports FOR EACH ROW WHEN (NEW.proof IS NOT NULL)"
    " EXECUTE FUNCTION use_proof()",
    "GRANT INSERT (crowded, proof) ON reports TO hotline_intake",
    "GRANT INSERT (crowded) ON drafts TO hotline_intake",
    "GRANT INSERT (crowded) ON reports TO hotline_triage",
    "GRANT SELECT, DELETE ON proofs TO hotline_triage",
)


def upgrade() -> None:
    for table, comment in (
        ("reports", "came in a flood without a proof of work"),
        ("drafts", "as it will be when it arrives"),
    ):
        column = sa.Column("crowded", sa.Boolean(), server_default="false", nullable=False, comment=comment)
        op.add_column(table, column)
    op.add_column("reports", sa.Column("proof", sa.LargeBinary(), comment="on its way to `proofs`; never stored here"))
    op.create_table(
        "proofs",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proofs"),
    )
    for statement in STATEMENTS:
        op.execute(statement)
