"""The directory as it is edited here: each row as it was last imported, what was edited, what was removed.

What is there already came from imports alone, so each row is what was imported. The public face reads the directory
through one function: what anybody may know of an agency, and neither how it receives nor any key.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

FACTS = "'report_url', 'website', 'phone', 'email', 'languages', 'anonymous', 'accepts'"
EDITED = f"edited ?| ARRAY['country', 'name', 'kind', {FACTS}]"
OUTDATED = f"CASE WHEN edited ? 'checked' THEN changed_on IS NOT NULL ELSE {EDITED} END"

DIRECTORY = f"""
    CREATE FUNCTION directory() RETURNS jsonb
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT coalesce(jsonb_agg(
            jsonb_build_object('code', code, 'name', name, 'kind', kind, 'country', country)
            || jsonb_build_object('source', facts -> 'source')
            || (
                SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(facts)
                WHERE key IN ({FACTS}) OR (key = 'checked' AND NOT {OUTDATED})
            )
            ORDER BY code
        ), '[]')
        FROM agencies WHERE NOT home AND removed_at IS NULL
    $$
"""


def upgrade() -> None:
    for column in (
        sa.Column(
            "imported",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="its row as it was last imported",
        ),
        sa.Column("imported_from", sa.String(length=80), comment="the list it was in"),
        sa.Column(
            "edited",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="for each field edited here, what the list said of it when that was decided",
        ),
        sa.Column("changed_on", sa.Date(), comment="when a public fact changed after it was checked here"),
        sa.Column("removed_at", sa.DateTime(timezone=True), comment="since when it is not in the directory"),
    ):
        op.add_column("agencies", column)
    op.execute("UPDATE agencies SET facts = jsonb_strip_nulls(facts)")
    op.execute(
        "UPDATE agencies SET imported = jsonb_strip_nulls("
        "facts || jsonb_build_object('name', name, 'kind', kind, 'country', country)) WHERE NOT home"
    )
    for set_here in ("way", "hours"):
        op.execute(
            f"UPDATE agencies SET edited = edited || jsonb_build_object('{set_here}', NULL)"
            f" WHERE NOT home AND {set_here} IS NOT NULL"
        )
    op.execute(DIRECTORY)
    op.execute("REVOKE ALL ON FUNCTION directory() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION directory() TO hotline_intake")


def downgrade() -> None:
    op.execute("DROP FUNCTION directory()")
    for column in ("removed_at", "changed_on", "edited", "imported_from", "imported"):
        op.drop_column("agencies", column)
