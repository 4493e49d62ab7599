"""A deployment of its own for a benchmark: servers, keys, tables and processes, gone afterwards."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self
from urllib.error import URLError

import msgspec
import psycopg

from core.errors import HotlineError
from core.keys import IntakeKeys
from core.settings import Settings
from ops.addresses import child_environ
from ops.embedded.ports import free_port
from ops.embedded.servers import EmbeddedServers
from ops.migrate import migrate

HOTLINE = (sys.executable, "-m", "ops.cli")
TEN_SECONDS = 100


class NotServing(HotlineError):
    """A process of the benchmark did not start; its output is above."""


LIMITS = ("busy_address", "busy_all", "flood_address", "flood_all")


def unlimited(settings: Settings) -> Settings:
    """A load is what is measured; who may send so much from one address is another question."""
    return msgspec.structs.replace(settings, **dict.fromkeys(LIMITS, 10**9))


def with_limits_of(other: Settings, settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, **{name: getattr(other, name) for name in LIMITS})


class Deployment:
    """Migrated and empty; processes are started as a benchmark needs them."""

    def __init__(self, settings: Settings) -> None:
        assert settings.database_url
        self.settings = settings
        self.keys = IntakeKeys.read(settings.keys_dir)
        self.owner = psycopg.connect(settings.database_url, autocommit=True)

    @classmethod
    @contextmanager
    def temporary(cls) -> Iterator[Self]:
        with ExitStack() as stack:
            var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hotline-bench-")))
            servers = stack.enter_context(EmbeddedServers(var))
            bare = Settings(var=str(var), database_url=servers.database_url, redis_url=servers.redis_url)
            settings = unlimited(bare)
            migrate(settings)
            deployment = cls(settings)
            stack.callback(deployment.owner.close)
            yield deployment

    @contextmanager
    def site(self, command: Sequence[str] = (*HOTLINE, "intake"), limited: bool = False) -> Iterator[int]:
        """A public site on a free port; `limited` as it is delivered. Raises NotServing."""
        with self.site_and_process(command, limited) as (port, _):
            yield port

    @contextmanager
    def site_and_process(
        self, command: Sequence[str] = (*HOTLINE, "intake"), limited: bool = False
    ) -> Iterator[tuple[int, int]]:
        """The same, and its process id."""
        port = free_port()
        settings = msgspec.structs.replace(self.settings, intake_port=port)
        settings = with_limits_of(Settings(), settings) if limited else settings
        with running(command, child_environ(settings, "intake")) as process:
            wait_until_served(f"http://127.0.0.1:{port}/en/report")
            yield port, process.pid

    @contextmanager
    def console(self) -> Iterator[int]:
        """A console on a free port. Raises NotServing."""
        settings = msgspec.structs.replace(self.settings, console_port=(port := free_port()))
        with running((*HOTLINE, "console"), child_environ(settings, "console")):
            wait_until_served(f"http://127.0.0.1:{port}/login")
            yield port

    @contextmanager
    def worker(self) -> Iterator[int]:
        """A triage worker; its process id."""
        with running((*HOTLINE, "worker"), child_environ(self.settings, "triage")) as process:
            yield process.pid

    def count(self, query: str) -> int:
        row = self.owner.execute(query).fetchone()
        return int(row[0]) if row else 0

    def empty(self) -> None:
        """Forget every report and case."""
        self.owner.execute(
            "TRUNCATE reports, report_keys, cases, case_marks, case_texts, case_links, dispositions CASCADE"
        )


@contextmanager
def running(command: Sequence[str], environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environ)  # our own command line
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


def wait_until_served(url: str, tries: int = TEN_SECONDS) -> None:
    """Return with the first whole answer. Raises NotServing after `tries` tenths of a second."""
    for _ in range(tries):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                answer.read()
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise NotServing
