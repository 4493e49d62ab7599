"""The product as its users meet it: the processes of `hotline up`, on servers of their own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from core.db import connect, transaction
from core.keys import ConsoleKeys
from core.settings import Settings
from core.vocabulary import Role
from ops.agencies import HOME
from ops.bench.deployment import unlimited
from ops.embedded.ports import free_port
from ops.embedded.servers import PATIENCE, EmbeddedServers
from ops.messenger.partner import let_in
from ops.migrate import migrate
from ops.processes.child import stop_all, wait_for
from ops.staff import NewStaff, add_staff
from ops.up import messenger, processes
from tests.factories import an_agency

EVERYTHING = ("intake", "console", "worker-1")


@dataclass(frozen=True, eq=False)
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

    def an_agency(self, code: str, country: str) -> str:
        """Connected: what comes from that country is its work."""
        with transaction(self.owner) as session:
            return an_agency(session, self.settings, code, country).code

    def a_member(self, role: Role = Role.ANALYST, agency: str = HOME) -> NewStaff:
        """Somebody new, for each log-in: a code works once in 30 seconds."""
        with transaction(self.owner) as session:
            return add_staff(session, ConsoleKeys.read(self.settings.keys_dir), "Sam Example", role, agency)


@contextmanager
def running(folder: Path, names: Sequence[str] = EVERYTHING, **given: int) -> Iterator[Product]:
    """From nothing, on free ports; ended by process id. All come from one address, so that is no flood."""
    with EmbeddedServers(folder) as servers:
        console_port = free_port()
        settings = Settings(
            var=str(folder),
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            intake_port=free_port(),
            console_port=console_port,
            exit_url=f"http://127.0.0.1:{console_port}/livez",
        )
        settings = msgspec.structs.replace(unlimited(settings), **given)
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


@contextmanager
def messenger_beside(product: Product) -> Iterator[str]:
    """The demo messenger's address; it runs as a process of its own, as in `hotline up --demo`."""
    settings = msgspec.structs.replace(product.settings, demo_port=free_port())
    with transaction(product.owner) as session:
        let_in(session, settings)
    child = messenger(settings)
    try:
        child.start()
        wait_for([child], patience=PATIENCE)
        yield f"http://127.0.0.1:{settings.demo_port}"
    finally:
        stop_all([child])
