"""From an empty database to the one this release needs: keys, roles, tables, directory, rules. Safe to repeat."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from core import keys
from core.db import connect, is_durable, transaction
from core.errors import HotlineError
from core.settings import ROOT, Settings
from ops.agencies import ensure_directory, ensure_home
from triage.routing.documents import ensure_rules

LOCK = 0x686F746C696E65  # two migrations at once would trip over each other
ROLES = {process: f"hotline_{process}" for process in keys.PROCESSES}


class NotDurable(HotlineError):
    """PostgreSQL must run with fsync, synchronous_commit and full_page_writes on."""


def migrate(settings: Settings) -> None:
    """Make missing keys, roles and tables, connect the home agency, give it the directory and rules.

    Needs `database_url` to be the owner's. Raises NotDurable, DatabaseTrouble.
    """
    assert settings.database_url
    keys.make_missing(settings.keys_dir)
    engine = connect(settings.database_url, pool=1)
    try:
        with engine.begin() as connection:
            if not is_durable(connection):
                raise NotDurable
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            _make_roles(connection, settings)
            command.upgrade(_alembic(connection), "head")
        with transaction(engine) as session:
            ensure_home(session, settings.keys_dir, settings.name)
            session.flush()  # so that its rules know it
            ensure_directory(session)
            ensure_rules(session)
    finally:
        engine.dispose()


def head(engine: Engine) -> str | None:
    """The revision the database is at."""
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _make_roles(connection: Connection, settings: Settings) -> None:
    """One role for each process. Its password is a key file, so a copied folder is a working process."""
    for process, role in ROLES.items():
        known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first()
        if not known:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        password = keys.password_of(settings.keys_dir, process)
        quoted: str = connection.execute(text("SELECT quote_literal(:password)"), {"password": password}).scalar_one()
        connection.execute(text(f"ALTER ROLE {role} PASSWORD {quoted}"))
