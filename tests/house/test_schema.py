"""The schema: one line of migrations, equal to the models, and durable underneath."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from core.db import is_durable
from core.models import Model
from core.settings import ROOT, Settings
from ops.migrate import migrate


def test_migrations_have_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_the_migrated_schema_is_the_models(owner: Engine) -> None:
    with owner.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []


def test_migrating_again_changes_nothing(settings: Settings, owner: Engine) -> None:
    def everything() -> object:
        query = "SELECT oid::text, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid"
        with owner.connect() as connection:
            return connection.execute(text(query)).fetchall()

    before = everything()
    migrate(settings)
    assert everything() == before


def test_tenant_tables_force_row_level_security(owner: Engine) -> None:
    query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY relname"
    with owner.connect() as connection:
        forced = [row[0] for row in connection.execute(text(query))]
    assert forced == [
        "alarms",
        "answer_copies",
        "answers",
        "audit_entries",
        "case_links",
        "case_marks",
        "case_texts",
        "cases",
        "deliveries",
        "dispositions",
        "drafts",
        "open_reports",
        "providers",
        "referrals",
        "regroupings",
        "report_keys",
        "report_parts",
        "reports",
        "routings",
        "takedown_notices",
        "takedowns",
        "withdrawals",
    ]


def test_no_role_of_a_process_owns_anything_or_passes_row_level_security(owner: Engine) -> None:
    query = (
        "SELECT rolname FROM pg_roles WHERE rolname IN ('hotline_intake', 'hotline_triage', 'hotline_console')"
        " AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
        " AND NOT EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)"
    )
    with owner.connect() as connection:
        assert len(connection.execute(text(query)).all()) == 3


def test_the_database_is_durable(owner: Engine) -> None:
    with owner.connect() as connection:
        assert is_durable(connection)
