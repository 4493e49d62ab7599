"""The last steps between fork and exec of a child: who it runs as, what it may reach, and when it must end.

    python -m ops.processes.launch --parent 41 --orphaned 3 --user nobody --cwd /srv --see /srv/var -- postgres -D ...

A program of its own, not a `preexec_fn`: safe beside threads, and readable in a list of processes.
"""

import argparse
import ctypes
import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from ops.processes import passage

PR_SET_PDEATHSIG = 1
MODULE = "ops.processes.launch"
REFUSED = 78  # EX_CONFIG: trying again will not help
UNREACHABLE = (
    "{account} may not enter {folder}, and this kernel lets nobody open a way: run as an ordinary user, or set"
    " HOTLINE_SERVER_USER to a user who may, or move this folder (data alone: HOTLINE_VAR)."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Become the command. Ends with REFUSED and one line when that cannot be."""
    wanted = _parse(arguments)
    try:
        if wanted.user:
            _become(wanted.user, wanted.see)
        os.chdir(wanted.cwd)
        die_with(wanted.parent, wanted.orphaned)
        os.execv(wanted.command[0], wanted.command)  # noqa: S606  # that is its purpose
    except OSError as error:
        print(f"{wanted.command[0]} cannot be started: {error}", file=sys.stderr)
    sys.exit(REFUSED)


def command_line(
    command: Sequence[str], *, cwd: Path, orphaned: int, user: str | None = None, see: Sequence[Path] = ()
) -> list[str]:
    """The arguments that start `command` through this program, as a child of the process that asks."""
    options = ["--parent", str(os.getpid()), "--orphaned", str(int(orphaned)), "--cwd", str(cwd)]
    options += ["--user", user] if user else []
    options += [part for path in see for part in ("--see", str(path))]
    return [sys.executable, "-m", MODULE, *options, "--", *command]


def is_launching(pid: int) -> bool:
    """Whether the process is still this program, or between two."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        return not line or MODULE.encode() in line
    except OSError:
        return False


def _become(user: str, see: Sequence[Path]) -> None:
    """Give up root for good, opening a way to what the user must see first."""
    account = pwd.getpwnam(user)
    os.setgroups([])
    try:
        passage.open_way(see, account.pw_uid, account.pw_gid)
    except passage.NoWay as closed:
        sys.exit(_refusal(UNREACHABLE.format(account=user, folder=closed)))
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def _refusal(line: str) -> int:
    print(line, file=sys.stderr)
    return REFUSED


def die_with(parent: int, orphaned: int) -> None:
    """Have the kernel send this process `orphaned` when its parent dies. After setuid, which would clear it."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, orphaned, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--orphaned", type=int, required=True)
    parser.add_argument("--cwd", type=Path, required=True)
    parser.add_argument("--user")
    parser.add_argument("--see", type=Path, action="append", default=[])
    parser.add_argument("command", nargs="+")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
