"""A whole deployment of real processes, with lines that can be cut and parts that can be killed."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from random import Random
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg
import redis

from core.settings import Settings
from ops.addresses import child_environ
from ops.embedded.ports import free_port
from ops.embedded.servers import EmbeddedServers
from ops.processes.child import start_all, stop_all
from ops.processes.supervise import Care
from tests.faults.background import Background
from tests.faults.nursery import Nursery, Nursling
from tests.faults.proxy import Proxy
from tests.faults.public import Public
from tests.faults.watch import Watch

STORED = b"INSERT 0 "  # PostgreSQL sends it together with "ready for query", after the commit
COMMITTED = b"COMMIT\x00"
ANSWERED = b"HTTP/1.1 200"
LISTENING = "dramatiq:__heartbeats__"
LISTENERS = 2  # of a worker: for reports, and for what leaves here
TICK = 0.05
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename IN ('hotline_intake', 'hotline_triage')"

Changes = Mapping[str, Sequence[str]]


class Machine:
    """Intake, workers, servers, and the lines between them; what dies is started again as `hotline up` does.

    `changes` names what of `mutants` is done to each face. All faults are calls from one thread, which lives as
    long as the servers do: the kernel ties them to it.
    """

    def __init__(
        self,
        servers: EmbeddedServers,
        nursery: Nursery,
        settings: Settings,
        random: Random,
        workers: int,
        changes: Changes,
    ) -> None:
        assert settings.database_url
        self.servers = servers
        self.nursery = nursery
        self.settings = settings
        self.database_url = settings.database_url
        self.background = Background()
        self.watch = Watch(self.database_url)
        self.deaths = 0
        self.missed: list[str] = []
        self.patience = 10.0
        self._points = settings.var_dir / "points"
        self._port, database = free_port(), _port_of(self.database_url)
        self.front = Proxy("front", self._port, ANSWERED)
        self.store_line = Proxy("store", database, STORED)
        self.triage_line = Proxy("triage", database, COMMITTED)
        self.lines = (self.front, self.store_line, self.triage_line)
        self._random, self._workers, self._changes = random, workers, changes
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.background)
            ports = [self.background.wait_for(line.open()) for line in self.lines]
            for line in self.lines:
                stack.callback(self._close, line)
            self.public = Public(ports[0], self._port, self._random)
            child = partial(self._child, self._through(*ports[1:]))
            self.intake = child("intake", "intake", "intake")
            self.workers = [child(f"worker-{number}", "worker", "triage") for number in range(self._workers)]
            self.children = [self.intake, *self.workers]
            self._cared_for = [Care(child, self._note) for child in self.children]
            stack.callback(self.end)
            shutil.rmtree(self._points, ignore_errors=True)
            start_all(self.children, patience=20)
            stack.enter_context(self.watch)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def end(self) -> None:
        stop_all(self.children)

    def supervise(self, seconds: float, until: Callable[[], bool] = lambda: False) -> float:
        """Let time pass, at most `seconds`, and look after the processes. The time then."""
        last = time.monotonic() + seconds
        while time.monotonic() < last and not until():
            self.tick()
            time.sleep(TICK)
        return time.monotonic()

    def revive(self) -> None:
        """Start at once what is dead, and wait until it answers."""
        dead = [child for child in self.children if not child.is_running]
        self.deaths += len(dead)
        start_all(dead, patience=20)

    def tick(self) -> None:
        """Start again what is found dead, after the delays of `hotline up`."""
        for care in self._cared_for:
            care.look(time.monotonic())

    def heal(self) -> None:
        """Everything runs and every line is whole."""
        for line in self.lines:
            line.restore()
        for child in self.children:
            if child.is_running:
                os.kill(child.pid, signal.SIGCONT)
        for server in self.servers.children:
            if not server.is_running:
                start_all([server], patience=20)

    def arm(self, point: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Whoever comes to this point of `mutants.points` first sends itself this signal."""
        self._points.mkdir(exist_ok=True)
        draft = self._points / "draft"
        draft.write_text(str(int(number)))
        draft.rename(self._points / point)

    def has_hit(self, point: str) -> bool:
        """Whether somebody came there."""
        return not (self._points / point).exists()

    def disarm(self, point: str) -> None:
        """What hit nobody is noted: such a run shows nothing."""
        if not self.has_hit(point):
            (self._points / point).unlink()
            self.missed.append(point)

    def backends(self) -> list[int]:
        """The pids of the server processes that work for our processes."""
        with psycopg.connect(self.database_url, connect_timeout=5, autocommit=True) as connection:
            return [pid for (pid,) in connection.execute(BACKENDS)]

    def _close(self, line: Proxy) -> None:
        self.background.wait_for(line.close())

    def _note(self, _: str) -> None:
        self.deaths += 1

    def _child(self, settings: Settings, name: str, face: str, role: str) -> Nursling:
        return Nursling(
            nursery=self.nursery,
            name=name,
            command=[face, *self._changes.get(face, ())],
            log=settings.var_dir / f"log/{name}.log",
            answers=self._all_listen,
            environ=child_environ(settings, role),
            endings=((signal.SIGKILL, 5),),
        )

    def _all_listen(self) -> bool:
        """Whether intake lets in and every worker has asked for bells; an act then knows who hears what."""
        with redis.Redis.from_url(self.settings.redis_url or "") as bells:
            heard = int(bells.zcard(LISTENING)) >= LISTENERS * self._workers
        with socket.socket() as line:
            return heard and line.connect_ex(("127.0.0.1", self._port)) == 0

    def _through(self, store: int, triage: int) -> Settings:
        """As a process has them: its database is at the other end of a line."""
        intake, worker = self.settings.intake_database_url, self.settings.triage_database_url
        assert intake and worker
        return msgspec.structs.replace(
            self.settings,
            intake_port=self._port,
            intake_database_url=_through(store, intake),
            triage_database_url=_through(triage, worker),
        )


def _port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


def _through(port: int, url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))
