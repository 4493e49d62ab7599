"""Real parts for every test: a PostgreSQL and a Valkey of this run's own, from nothing, on free ports."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from sqlalchemy import Engine, text

from core.db import Model, connect
from core.settings import Settings
from ops.addresses import role_url
from ops.embedded.servers import EmbeddedServers
from ops.migrate import ROLES, migrate
from tests.browser.install import install
from tests.browser.kit import Kit

pytest_plugins = ["tests.order"]

KEPT = ("agencies", "routing_documents")
TABLES = ", ".join(sorted(Model.metadata.tables.keys() - KEPT))
FORGET = "; ".join(f"DELETE FROM {table}" for table in TABLES.split(", "))  # noqa: S608  # names of our own
"""Row by row: to truncate tables that hold next to nothing takes a hundred times as long."""


@pytest.fixture(scope="session")
def kit() -> Kit:
    """The test browser and what looks at its pages; installed, if it was not."""
    return install(Kit.of(Settings.from_environ()))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """The run's own database and bell servers."""
    with EmbeddedServers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(scope="session")
def deployment(servers: EmbeddedServers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a migrated deployment on those servers, with every role's URL."""
    var = tmp_path_factory.mktemp("var")
    return deploy(Settings(var=str(var), database_url=servers.database_url, redis_url=servers.redis_url))


def deploy(settings: Settings) -> Settings:
    """Migrate, and fill in the role URLs as `hotline up` does for its children."""
    migrate(settings)
    assert settings.database_url
    urls = {
        f"{process}_database_url": role_url(settings.database_url, role, password(settings.keys_dir, process))
        for process, role in ROLES.items()
    }
    return msgspec.structs.replace(settings, **urls)


def password(keys_dir: Path, process: str) -> str:
    return (keys_dir / process / "database.password").read_text().strip()


@pytest.fixture(scope="session")
def owner_of_all(deployment: Settings) -> Iterator[Engine]:
    yield from _engine(deployment.database_url)


@pytest.fixture
def settings(deployment: Settings, owner_of_all: Engine) -> Settings:
    """The deployment, emptied of reports, cases, staff and all agencies but the home one, under the default rules."""
    with owner_of_all.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # in no order
        connection.execute(text(FORGET))
        connection.execute(text("SET LOCAL session_replication_role = origin"))
        connection.execute(text("DELETE FROM agencies WHERE NOT home"))
        connection.execute(text("DELETE FROM routing_documents WHERE version > 1"))
        connection.execute(text("UPDATE routing_documents SET state = 'live', retired_at = NULL"))
    return deployment


@pytest.fixture
def owner(settings: Settings, owner_of_all: Engine) -> Engine:
    """The database's owner, whom row-level security does not bind: for looking at what was really stored."""
    return owner_of_all


@pytest.fixture
def triage_engine(settings: Settings) -> Iterator[Engine]:
    yield from _engine(settings.triage_database_url, by_index_only=True)


@pytest.fixture
def console_engine(settings: Settings) -> Iterator[Engine]:
    yield from _engine(settings.console_database_url)


@pytest.fixture
def as_intake(settings: Settings) -> Iterator[psycopg.Connection]:
    """A plain connection with the public face's role."""
    assert settings.intake_database_url
    with psycopg.connect(settings.intake_database_url, autocommit=True) as connection:
        yield connection


def _engine(url: str | None, by_index_only: bool = False) -> Iterator[Engine]:
    assert url
    engine = connect(url, by_index_only=by_index_only)
    yield engine
    engine.dispose()
