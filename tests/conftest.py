"""Real parts for every test: a PostgreSQL and a Valkey of this run's own, from nothing, on free ports."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from sqlalchemy import Engine, text

from core.db import connect
from core.settings import Settings
from ops.addresses import role_url
from ops.embedded.servers import EmbeddedServers
from ops.migrate import ROLES, migrate

pytest_plugins = ["tests.browser.fixtures"]

TABLES = (
    "alarms, takedown_notices, takedowns, deliveries, referrals, on_call, circuits, providers, "
    "drafts, withdrawals, proofs, contexts, partners, partner_credentials, idempotency_keys, open_reports, "
    "report_parts, answer_copies, answers, reports, report_keys, case_marks, case_texts, case_links, regroupings, "
    "cases, dispositions, audit_entries, staff_sessions, staff"
)


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
        connection.execute(text(f"TRUNCATE {TABLES} CASCADE"))
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
