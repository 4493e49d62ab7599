"""Both servers, from nothing, on free ports: for `hotline up` and for tests.

with EmbeddedServers(tmp_path) as servers:
    connect(servers.database_url)
"""

import secrets
from pathlib import Path
from typing import Self

from core.settings import Settings
from ops.embedded import binaries, postgres, valkey
from ops.embedded.account import Account, account
from ops.embedded.ports import free_port
from ops.processes.child import Child, start_all

PATIENCE = 30.0  # a killed PostgreSQL may hold its lock and its memory for a while


class EmbeddedServers:
    """PostgreSQL and Valkey below `var`, either of them left out on request."""

    def __init__(
        self,
        var: Path,
        *,
        keys: Path | None = None,
        postgres_bin: str | None = None,
        valkey_bin: str | None = None,
        server_user: str = "nobody",
        with_postgres: bool = True,
        with_valkey: bool = True,
    ) -> None:
        self.var = var.absolute().resolve()
        self.keys = keys or self.var / "keys"
        self.postgres: Child | None = None
        self.valkey: Child | None = None
        self._database_url: str | None = None
        self._redis_url: str | None = None
        self.var.mkdir(mode=0o755, parents=True, exist_ok=True)
        user = account(server_user)
        if with_postgres:
            self._plan_postgres(postgres_bin, user)
        if with_valkey:
            self._plan_valkey(valkey_bin, user)

    @classmethod
    def wanted_by(cls, settings: Settings) -> Self:
        """Those that no URL replaces."""
        return cls(
            settings.var_dir,
            keys=settings.keys_dir,
            postgres_bin=settings.postgres_bin,
            valkey_bin=settings.valkey_bin,
            server_user=settings.server_user,
            with_postgres=settings.database_url is None,
            with_valkey=settings.redis_url is None,
        )

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()  # one may run though the other did not start
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def children(self) -> list[Child]:
        """In the order to start; end them in the other."""
        return [child for child in (self.postgres, self.valkey) if child]

    @property
    def database_url(self) -> str:
        """The owner's."""
        assert self._database_url
        return self._database_url

    @property
    def redis_url(self) -> str:
        assert self._redis_url
        return self._redis_url

    def start(self) -> None:
        """Start and wait until they answer. Raises DoesNotStart."""
        start_all(self.children, patience=PATIENCE)

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()

    def kill_postgres(self) -> None:
        """kill -9 of the postmaster."""
        assert self.postgres
        self.postgres.kill()

    def restart_postgres(self) -> None:
        """Start it again on the same port, and wait until it answers."""
        assert self.postgres
        self.postgres.stop()
        start_all([self.postgres], patience=PATIENCE)

    def kill_valkey(self) -> None:
        assert self.valkey
        self.valkey.kill()

    def restart_valkey(self) -> None:
        assert self.valkey
        self.valkey.stop()
        start_all([self.valkey], patience=PATIENCE)

    def _plan_postgres(self, folder: str | None, user: Account) -> None:
        programs, port, home = binaries.postgres(folder), free_port(), self.var / "postgres"
        password = postgres.password_in(self.keys / "owner/database.password")
        postgres.make_data(home, password, programs, user)
        self.postgres = postgres.server(home, port, password, self.var / "log/postgres.log", programs, user)
        self._database_url = postgres.url(port, password)

    def _plan_valkey(self, folder: str | None, user: Account) -> None:
        programs, name = binaries.valkey(folder)
        port, password, home = free_port(), secrets.token_urlsafe(24), self.var / "valkey"
        self.valkey = valkey.server(home, port, password, self.var / "log/valkey.log", programs, name, user)
        self._redis_url = valkey.url(port, password)
