"""Ground to build machines on: servers that may be killed, and a deployment on them that each machine finds empty."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Self

import msgspec
import psycopg
import redis
from sqlalchemy import Engine

from core.db import connect, transaction
from core.settings import Settings
from ops.bench.deployment import unlimited
from ops.embedded.servers import EmbeddedServers
from tests.conftest import TABLES, deploy
from tests.factories import a_partner, an_agency
from tests.faults.machine import Changes, Machine
from tests.faults.nursery import Nursery

_deploying = threading.Lock()  # Alembic knows one migration at a time


class Ground:
    """One machine at a time stands on it. There is an agency in Italy, and the home agency for all else."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self._folder = folder
        self._nursery = nursery
        self._stack = ExitStack()
        self._neighbour: Ground | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.servers = stack.enter_context(EmbeddedServers(self._folder / "servers"))
            bare = Settings(
                var=str(self._folder / "var"),
                database_url=self.servers.database_url,
                redis_url=self.servers.redis_url,
            )
            with _deploying:
                self.settings = deploy(unlimited(bare))
            with self.owner() as owner, transaction(owner) as session:
                an_agency(session, self.settings)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def neighbour(self) -> "Ground":
        """Another deployment's, with its own servers, keys and tables."""
        if self._neighbour is None:
            self._neighbour = self._stack.enter_context(Ground(self._folder / "neighbour", self._nursery))
        return self._neighbour

    @contextmanager
    def owner(self) -> Iterator[Engine]:
        """Its connections end with the block: they would be among those that die."""
        engine = connect(self.servers.database_url, pool=1)
        try:
            yield engine
        finally:
            engine.dispose()

    @contextmanager
    def machine(self, random: Random, workers: int, changes: Changes, **settings: object) -> Iterator[Machine]:
        """Running on the emptied deployment; keywords are settings."""
        self.clear()
        with self.owner() as owner:
            partner = a_partner(self.settings, owner, origins=["https://chat.example"])
        changed = msgspec.structs.replace(self.settings, **settings)
        with Machine(self.servers, self._nursery, changed, random, workers, changes) as machine:
            machine.public.places = ("/en/report", f"/embed/v1/frame?partner={partner.code}")
            yield machine

    def clear(self) -> None:
        """No report, no case, and no bell that an earlier machine left."""
        with psycopg.connect(self.servers.database_url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {TABLES} CASCADE".encode())
        with redis.Redis.from_url(self.servers.redis_url) as bells:
            bells.flushall()
