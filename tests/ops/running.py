"""Starting `hotline up` (with stand-ins) as a terminal does, and looking at what runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.settings import ROOT
from ops.embedded.ports import free_port

SECONDS = 30.0


@dataclass
class Running:
    """One `up`: its process, its folder, its ports, and all it has said."""

    process: subprocess.Popen[str]
    var: Path
    ports: tuple[int, int]

    def said(self) -> str:
        return (self.var / "said.txt").read_text()

    def below(self) -> list[psutil.Process]:
        """Every process below it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def one(self, name: str) -> psutil.Process | None:
        """Its living child `postgres`, `valkey-server` or `intake`."""
        word = f"tests.ops.trial {self.ports[0]}" if name == "intake" else f"/{name} "
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie is none either
                if word in " ".join(child.cmdline()):
                    return child
        return None

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Its exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextmanager
def running(var: Path, before: Sequence[str] = (), after: Sequence[str] = ()) -> Iterator[Running]:
    """Serving, at the end whatever it became."""
    var.mkdir(exist_ok=True)
    ports = (free_port(), free_port())
    with (var / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.ops.trial", *after],
            env=environ(var, ports),
            cwd=ROOT,
            stdout=said,
            stderr=said,
            text=True,
        )
    run = Running(process, var, ports)
    try:
        until(lambda: "Ctrl-C" in run.said() or process.poll() is not None)
        assert process.poll() is None, run.said()
        yield run
    finally:
        process.terminate()
        process.wait(SECONDS)


def environ(var: Path, ports: tuple[int, int]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return ours | {
        "HOTLINE_VAR": str(var),
        "HOTLINE_INTAKE_PORT": str(ports[0]),
        "HOTLINE_CONSOLE_PORT": str(ports[1]),
    }


def hotline(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    command = [sys.executable, "-m", "ops.cli", *arguments]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return subprocess.run(
        command, env=ours | settings, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def until(fact: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait for it to be true."""
    last = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.05)


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
