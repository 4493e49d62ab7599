"""Servers of this folder's own: they are killed, and no other test should have to notice."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random
from typing import Protocol

import msgspec
import psycopg
import pytest
import redis

from core.db import connect, transaction
from core.settings import Settings
from ops.bench.deployment import unlimited
from ops.embedded.servers import EmbeddedServers
from tests.conftest import TABLES, deploy
from tests.factories import a_partner, an_agency
from tests.faults.machine import Changes, Machine


class StartMachine(Protocol):
    """Starts a machine on an empty deployment; keywords are settings."""

    def __call__(
        self, random: Random, workers: int, changes: Changes, **settings: int
    ) -> AbstractContextManager[Machine]: ...


@pytest.fixture(scope="package")
def killed_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    with EmbeddedServers(tmp_path_factory.mktemp("killed")) as servers:
        yield servers


@pytest.fixture(scope="package")
def killed_deployment(killed_servers: EmbeddedServers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Migrated, with an agency of its own in Italy."""
    var = tmp_path_factory.mktemp("killed_var")
    settings = deploy(
        unlimited(Settings(var=str(var), database_url=killed_servers.database_url, redis_url=killed_servers.redis_url))
    )
    engine = connect(killed_servers.database_url)
    with transaction(engine) as session:
        an_agency(session, settings)
    engine.dispose()
    return settings


@pytest.fixture
def start_machine(killed_servers: EmbeddedServers, killed_deployment: Settings) -> StartMachine:
    @contextmanager
    def start(random: Random, workers: int, changes: Changes, **settings: int) -> Iterator[Machine]:
        with psycopg.connect(killed_servers.database_url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {TABLES} CASCADE".encode())
        with redis.Redis.from_url(killed_servers.redis_url) as bells:
            bells.flushall()  # a bell that an earlier machine left would be heard by this one
        engine = connect(killed_servers.database_url, pool=1)
        partner = a_partner(killed_deployment, engine, origins=["https://chat.example"])
        engine.dispose()
        changed = msgspec.structs.replace(killed_deployment, **settings)
        with Machine(killed_servers, changed, random, workers, changes) as machine:
            machine.public.places = ("/en/report", f"/embed/v1/frame?partner={partner.code}")
            yield machine

    return start
