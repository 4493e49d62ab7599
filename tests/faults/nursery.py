"""Asking for processes of the product: each is a fork of one that has imported everything (see `launch`)."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import msgspec

from core.settings import ROOT
from ops.processes.child import Child

LARGEST = 65_536


class Birth(msgspec.Struct, frozen=True):
    """A process to be: what it serves, what of `mutants` is done to it, its environment, and where it says things."""

    face: str
    changes: Sequence[str]
    environ: Mapping[str, str]
    log: str


class Nursery:
    """Started and ended by the main thread; any thread may ask."""

    def __init__(self) -> None:
        self._line, self._other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        other = self._other.fileno()
        command = [sys.executable, "-m", "tests.faults.launch", str(other), str(os.getpid())]
        self._process = subprocess.Popen(command, pass_fds=[other], cwd=ROOT, stdin=subprocess.DEVNULL)
        self._other.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        assert self._process
        self._process.wait()

    def bear(self, birth: Birth) -> "Fork":
        with self._asking:
            self._line.send(msgspec.json.encode(birth))
            said, handles, _, _ = socket.recv_fds(self._line, LARGEST, 1)
        assert said, "the nursery is gone; what it said is on standard error"
        return Fork(int(said), handles[0])


class Fork:
    """As much of a Popen as a Child needs, for a process that is the nursery's child."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self._handle = handle

    def __del__(self) -> None:
        os.close(self._handle)

    def poll(self) -> int | None:
        return 0 if self._has_ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._has_ended(timeout):
            raise subprocess.TimeoutExpired("fork", timeout or 0)
        return 0

    def kill(self) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def _has_ended(self, timeout: float | None) -> bool:
        look = select.poll()
        look.register(self._handle, select.POLLIN)
        return bool(look.poll(None if timeout is None else timeout * 1000))


@dataclass(kw_only=True, eq=False)
class Nursling(Child):
    """A child whose command is a face and what of `mutants` is done to it."""

    nursery: Nursery

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        face, *changes = self.command
        birth = Birth(face, changes, dict(self.environ or {}), str(self.log))
        self.process = self.nursery.bear(birth)  # type: ignore[assignment]  # it has what a Child asks for
