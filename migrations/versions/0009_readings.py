"""Readings: what triage found in a report is sealed beside it, with the report's own key."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    "ALTER TABLE reports ALTER COLUMN reading SET STORAGE EXTERNAL",
    "GRANT UPDATE (reading) ON reports TO hotline_triage",
    "GRANT SELECT (reading) ON reports TO hotline_console",
)


def upgrade() -> None:
    op.add_column(
        "reports",
        sa.Column("reading", sa.LargeBinary(), comment="sealed; what triage read in it, and why it has its priority"),
    )
    for statement in STATEMENTS:
        op.execute(statement)
