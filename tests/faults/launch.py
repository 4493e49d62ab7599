"""Where the product's processes come from: it is imported once, and each process is a fork, changed by its mutants.

A test kills many, and each would import for a second before it works. `python -m tests.faults.launch FD PARENT` is
asked for them over a socket, by `nursery`.
"""

import gc
import os
import signal
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path

import msgspec

from core.details import NOTHING
from core.directory import Directory
from core.settings import Settings
from intake import site
from intake.site.pages import SitePages
from ops.processes.launch import die_with
from tests.faults.mutants import replace
from tests.faults.nursery import LARGEST, Birth
from triage.reading.read import Hints, read

SERVES = {"intake": "intake.asgi", "worker": "triage.worker"}
MUTANTS = ("courier", "intake", "points", "worker")


def main(line: socket.socket) -> None:
    """Until whoever asks is gone."""
    modules = [*SERVES.values(), *(f"tests.faults.mutants.{name}" for name in MUTANTS)]
    for module in modules:
        import_module(module)
    _prepare()
    while asked := line.recv(LARGEST):
        _bury()
        parent, pid = os.getpid(), os.fork()
        if not pid:
            line.close()
            _live(parent, msgspec.json.decode(asked, type=Birth))
        handle = os.pidfd_open(pid)
        socket.send_fds(line, [str(pid).encode()], [handle])
        os.close(handle)


def _prepare() -> None:
    """What every process would make from the same files: pages, and lists of words."""
    pages = SitePages(Settings(), Directory.read())
    replace(site, "SitePages", lambda *_: pages)
    read({"what": "An adult wrote to me on a chat, https://room.example, +44 1632 960123."}, NOTHING, Hints())
    gc.freeze()


def _bury() -> None:
    """Until the next birth a dead process keeps its number, so that nobody signals a stranger."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _live(parent: int, birth: Birth) -> None:
    """The whole life of one process."""
    try:
        die_with(parent, signal.SIGKILL)
        os.setsid()
        _say_into(Path(birth.log))
        os.environ.clear()
        os.environ.update(birth.environ)
        for change in birth.changes:
            module, _, name = change.partition(".")
            getattr(import_module(f"tests.faults.mutants.{module}"), name)()
        import_module(SERVES[birth.face]).serve(Settings.from_environ())
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def _say_into(log: Path) -> None:
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.close(written)


if __name__ == "__main__":
    die_with(int(sys.argv[2]), signal.SIGKILL)
    main(socket.socket(fileno=int(sys.argv[1])))
