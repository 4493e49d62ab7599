"""Servers of this folder's own: they are killed, and no other test should have to notice."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random

import msgspec
import psycopg
import pytest
from sqlalchemy.orm import Session

from core.db import connect
from core.settings import Settings
from ops.embedded.servers import EmbeddedServers
from tests.conftest import TABLES, deploy
from tests.factories import an_agency
from tests.faults.machine import Machine

StartMachine = Callable[..., AbstractContextManager[Machine]]


@pytest.fixture(scope="package")
def killed_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    with EmbeddedServers(tmp_path_factory.mktemp("killed")) as servers:
        yield servers


@pytest.fixture(scope="package")
def killed_deployment(killed_servers: EmbeddedServers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Migrated, with an agency of its own in Italy."""
    var = tmp_path_factory.mktemp("killed_var")
    urls = {"database_url": killed_servers.database_url, "redis_url": killed_servers.redis_url}
    settings = deploy(Settings(var=str(var), **urls))
    engine = connect(killed_servers.database_url)
    with Session(engine) as session, session.begin():
        an_agency(session, settings)
    engine.dispose()
    return settings


@pytest.fixture
def start_machine(killed_servers: EmbeddedServers, killed_deployment: Settings) -> StartMachine:
    """Start a machine on an empty deployment; keyword arguments that are settings are set."""

    @contextmanager
    def start(random: Random, workers: int = 1, mutants: object = None, **changed: object) -> Iterator[Machine]:
        with psycopg.connect(killed_servers.database_url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {TABLES} CASCADE")
        settings = msgspec.structs.replace(killed_deployment, **changed)
        with Machine(killed_servers, settings, random, workers, mutants) as machine:
            yield machine

    return start
