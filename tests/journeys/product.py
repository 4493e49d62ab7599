"""The product as its users meet it: the processes of `hotline up`, on servers of their own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from core.db import connect
from core.settings import Settings
from ops.embedded.ports import free_port
from ops.embedded.servers import PATIENCE, EmbeddedServers
from ops.migrate import migrate
from ops.processes.child import stop_all, wait_for
from ops.up import processes

EVERYTHING = ("intake", "console", "worker-1")


@dataclass(frozen=True)
class Product:
    """Running. `owner` looks at what was really stored."""

    settings: Settings
    servers: EmbeddedServers
    owner: Engine

    @property
    def public(self) -> str:
        return f"http://127.0.0.1:{self.settings.intake_port}"

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.settings.console_port}"


@contextmanager
def running(folder: Path, names: Sequence[str] = EVERYTHING) -> Iterator[Product]:
    """From nothing, on free ports; ended by process id."""
    with EmbeddedServers(folder) as servers:
        settings = Settings(
            var=str(folder),
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            intake_port=free_port(),
            console_port=free_port(),
        )
        migrate(settings)
        children = [child for child in processes(settings) if child.name in names]
        owner = connect(servers.database_url)
        try:
            for child in children:
                child.start()
            wait_for(children, patience=PATIENCE)
            yield Product(settings, servers, owner)
        finally:
            stop_all(children)
            owner.dispose()
