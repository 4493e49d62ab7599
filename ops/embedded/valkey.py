"""One Valkey under `var/`: bells only, so nothing is kept on disk and nothing is evicted."""

import signal
import socket
from pathlib import Path

from ops.embedded.account import Account
from ops.embedded.binaries import Programs
from ops.processes.child import Child
from ops.processes.leftovers import end_leftovers

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
save ""
appendonly no
maxmemory-policy noeviction
loglevel warning
logfile ""
"""


def server(folder: Path, port: int, password: str, log: Path, programs: Programs, name: str, account: Account) -> Child:
    """The server as a child; its configuration comes through a pipe, so the password is on no command line."""
    account.own_folder(folder)
    configuration = CONFIGURATION.format(port=port, password=password, folder=folder)
    return Child(
        name="Valkey",
        command=[programs / name, "-"],
        log=log,
        cwd=folder,
        user=account.name,
        see=[folder, *programs.needs],
        given=configuration.encode(),
        answers=lambda: _answers(port, password),
        tidy=lambda: end_leftovers(folder, name, signal.SIGTERM),
    )


def url(port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _answers(port: int, password: str) -> bool:
    """Asked by hand: the client library would try again for seconds."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line, line.makefile("rb") as replies:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            return [replies.readline(), replies.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False
