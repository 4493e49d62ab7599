"""A child process: started so that it dies with us, asked to end, and ended."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from core.errors import HotlineError
from core.settings import ROOT
from ops.processes import launch

PAUSE = 0.04
LONGEST = 300.0  # seconds a living child may take; a database reads its log again after a crash
LARGE = 8 * 1024 * 1024


class DoesNotStart(HotlineError):
    """A process that is needed does not start."""


@dataclass(kw_only=True, eq=False)
class Child:
    """What to run and how to end it. Start it from the main thread: the kernel ties it to the thread's life."""

    name: str
    command: Sequence[str]
    log: Path
    environ: Mapping[str, str] | None = None
    cwd: Path = ROOT
    user: str | None = None
    see: Sequence[Path] = ()
    given: bytes = b""
    endings: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 11), (signal.SIGKILL, 5))
    orphaned: signal.Signals = signal.SIGTERM
    answers: Callable[[], bool] = lambda: True
    tidy: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _log_start: int = field(default=0, init=False)

    def start(self) -> None:
        """Start without waiting. `tidy` removes what a killed predecessor left, `given` goes to standard input."""
        self.tidy()
        with _open_log(self.log) as log:
            self._log_start = log.tell()
            command = launch.command_line(
                self.command, cwd=self.cwd, orphaned=self.orphaned, user=self.user, see=self.see
            )
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self.environ,
                cwd=ROOT,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we end them in order
            )
        self._give()

    def _give(self) -> None:
        assert self.process and self.process.stdin
        with suppress(BrokenPipeError), self.process.stdin as pipe:  # broken: it ended, and its log says why
            pipe.write(self.given)

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def is_up(self) -> bool:
        """Whether it runs, is past the launcher, and answers."""
        return not launch.is_launching(self.pid) and self.is_running and self.answers()

    @property
    def is_refused(self) -> bool:
        """Whether starting again would end the same way."""
        return self.process is not None and self.process.poll() == launch.REFUSED

    def ask_to_end(self) -> None:
        if self.is_running:
            os.kill(self.pid, self.endings[0][0])

    def stop(self) -> None:
        """Ask, wait, insist."""
        for number, patience in self.endings:
            if not self.is_running:
                return
            os.kill(self.pid, number)
            self._wait(patience)

    def kill(self) -> None:
        """End at once, as a crash does."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def last_line(self) -> str:
        """The last thing it said since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")

    def _wait(self, patience: float) -> None:
        assert self.process
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)


def stop_all(children: Iterable[Child]) -> None:
    """Ask all together, then wait for each."""
    asked = list(children)
    for child in asked:
        child.ask_to_end()
    for child in asked:
        child.stop()


def start_all(children: Sequence[Child], *, patience: float) -> None:
    """Start together, and wait for all. Raises DoesNotStart."""
    for child in children:
        child.start()
    wait_for(children, patience=patience)


def wait_for(children: Sequence[Child], *, patience: float) -> None:
    """Wait until all that were started answer; one that ends is started again for `patience` seconds.

    Raises DoesNotStart with the last line of its log.
    """
    begun, silent = time.monotonic(), list(children)
    while silent := [child for child in children if not child.is_running or (child in silent and not child.is_up)]:
        for child in silent:
            _start_again(child, time.monotonic() - begun, patience)
        time.sleep(PAUSE)


def _start_again(child: Child, waited: float, patience: float) -> None:
    """A living child may take long, a dying one may not."""
    if child.is_refused or waited > (LONGEST if child.is_running else patience):
        raise DoesNotStart(f"{child.name} does not start: {child.last_line()} (more in {child.log})")
    if not child.is_running:
        time.sleep(4 * PAUSE)
        child.start()


def _open_log(path: Path) -> IO[bytes]:
    """Append; one file of the past is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGE:
        path.rename(path.with_suffix(".old.log"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb", buffering=0)
