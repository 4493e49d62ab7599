"""A whole deployment of real processes, with lines that can be cut and parts that can be killed."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

from core.settings import PREFIX, Settings
from ops.embedded.ports import free_port
from ops.embedded.servers import EmbeddedServers
from ops.processes.child import Child, start_all, stop_all
from ops.processes.supervise import Care
from tests.faults.background import Background
from tests.faults.proxy import Proxy
from tests.faults.public import Public
from tests.faults.watch import Watch

STORED = b"INSERT 0 "  # sent together with "ready for query": the transaction is committed by then
COMMITTED = b"COMMIT\x00"
ANSWERED = b"HTTP/1.1 200"
TICK = 0.05


class Machine:
    """Intake, workers, servers, and the lines between them. Whatever dies is started again, as `hotline up` does.

    `mutants` are changes made in the processes, by the name of the process. All faults are calls from
    the main thread: its life is what the kernel ties the processes to.
    """

    def __init__(
        self,
        servers: EmbeddedServers,
        settings: Settings,
        random: Random,
        workers: int = 1,
        mutants: dict[str, Sequence[str]] | None = None,
    ) -> None:
        self.servers = servers
        self.settings = settings
        self.random = random
        self.mutants = mutants or {}
        self.port = free_port()
        self.front = Proxy("front", self.port, ANSWERED)
        self.store_line = Proxy("store", _port(settings.database_url), STORED)
        self.triage_line = Proxy("triage", _port(settings.database_url), COMMITTED)
        self.background = Background()
        self.watch = Watch(settings.database_url or "")
        self.deaths = 0
        self._names = ["intake", *(f"worker-{n}" for n in range(workers))]
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            background = stack.enter_context(self.background)
            front, store, triage = (background.wait_for(line.open()) for line in self.lines)
            for line in self.lines:
                stack.callback(lambda line=line: background.wait_for(line.close()))
            self.public = Public(front, self.port, self.random)
            environ = self._environ(store, triage)
            self.children = {name: self._child(name, environ) for name in self._names}
            self._cared_for = [Care(child, self._note) for child in self.children.values()]
            stack.callback(self.end)
            start_all(list(self.children.values()), patience=20)
            stack.enter_context(self.watch)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def lines(self) -> tuple[Proxy, Proxy, Proxy]:
        return self.front, self.store_line, self.triage_line

    @property
    def workers(self) -> list[Child]:
        return [child for name, child in self.children.items() if name.startswith("worker")]

    def supervise(self, seconds: float, until: Callable[[], bool] = lambda: False) -> float:
        """Let time pass, at most `seconds`; what is found dead is started again after a moment. The time then."""
        last = time.monotonic() + seconds
        while time.monotonic() < last and not until():
            self.tick()
            time.sleep(TICK)
        return time.monotonic()

    def is_quiet(self) -> bool:
        """Whether triage has seen everything."""
        return self.watch.is_quiet()

    def heal(self) -> None:
        """Everything runs and every line is whole."""
        for line in self.lines:
            line.restore()
        for child in self.children.values():
            if child.is_running:
                os.kill(child.pid, signal.SIGCONT)
        for server, start in (
            (self.servers.postgres, self.servers.restart_postgres),
            (self.servers.valkey, self.servers.restart_valkey),
        ):
            if server and not server.is_running:
                start()

    def tick(self) -> None:
        """Look after the processes, as `hotline up` does and with its delays."""
        for care in self._cared_for:
            care.look(time.monotonic())

    def backends(self) -> list[int]:
        """The pids of the server processes that work for our processes."""
        with psycopg.connect(self.settings.database_url or "", connect_timeout=5, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename IN ('hotline_intake', 'hotline_triage')"
            )
            return [pid for (pid,) in found]

    def _note(self, _: str) -> None:
        self.deaths += 1

    def _child(self, name: str, environ: dict[str, str]) -> Child:
        face = name.partition("-")[0]
        return Child(
            name=name,
            command=[sys.executable, "-m", "tests.faults.launch", face, *self.mutants.get(face, ())],
            log=Path(self.settings.var) / f"log/{name}.log",
            environ=environ,
            endings=((signal.SIGCONT, 0), (signal.SIGTERM, 8), (signal.SIGKILL, 5)),
            orphaned=signal.SIGKILL,
        )

    def _environ(self, store: int, triage: int) -> dict[str, str]:
        own = {
            "VAR": self.settings.var,
            "INTAKE_DATABASE_URL": _through(store, self.settings.intake_database_url),
            "TRIAGE_DATABASE_URL": _through(triage, self.settings.triage_database_url),
            "REDIS_URL": self.settings.redis_url or "",
            "INTAKE_PORT": str(self.port),
            "LEASE_SECONDS": str(self.settings.lease_seconds),
            "SWEEP_SECONDS": str(self.settings.sweep_seconds),
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return others | {PREFIX + name: value for name, value in own.items()}

    def end(self) -> None:
        stop_all(self.children.values())


def _port(url: str | None) -> int:
    port = urlsplit(url or "").port
    assert port
    return port


def _through(port: int, url: str | None) -> str:
    parts = urlsplit(url or "")
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))
