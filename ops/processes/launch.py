"""The last steps between fork and exec of a child: who it runs as, what it may reach, and when it must end.

    python -m ops.processes.launch PARENT ORPHANED USER FOLDER [NEEDED...] -- COMMAND...

USER is `-` for no change. A program of its own, not a `preexec_fn`: safe beside threads, and readable in a list
of processes. It is started for every child, so it imports little.
"""

import ctypes
import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from ops.processes import passage

MODULE = "ops.processes.launch"
SAME = "-"
PR_SET_PDEATHSIG = 1
REFUSED = 78  # EX_CONFIG: trying again will not help
UNREACHABLE = (
    "{account} may not enter {folder}, and this kernel lets nobody open a way: run as an ordinary user, or set"
    " HOTLINE_SERVER_USER to a user who may, or move this folder (data alone: HOTLINE_VAR)."
)
CAPTIVE = "This root may not become {account} (CAP_SETUID, CAP_SETGID): allow it, or run as an ordinary user."


def main(arguments: Sequence[str]) -> None:
    """Become the command. Ends with REFUSED and one line when that cannot be."""
    end = arguments.index("--")
    parent, orphaned, user, folder, *needed = arguments[:end]
    command = list(arguments[end + 1 :])
    try:
        if user != SAME:
            _become(user, [Path(path) for path in needed])
        os.chdir(folder)
        die_with(int(parent), int(orphaned))
        os.execv(command[0], command)  # noqa: S606  # that is its purpose
    except OSError as error:
        print(f"{command[0]} cannot be started: {error}", file=sys.stderr)
    sys.exit(REFUSED)


def command_line(
    command: Sequence[str], *, cwd: Path, orphaned: int, user: str | None = None, see: Sequence[Path] = ()
) -> list[str]:
    """The arguments that start `command` through this program, from ROOT, as a child of the process that asks."""
    facts = [str(os.getpid()), str(int(orphaned)), user or SAME, str(cwd), *map(str, see)]
    return [sys.executable, "-m", MODULE, *facts, "--", *command]


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
    try:
        os.setgroups([])
        passage.open_way(see, account.pw_uid, account.pw_gid)
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    except passage.NoWay as closed:
        sys.exit(_refusal(UNREACHABLE.format(account=user, folder=closed)))
    except PermissionError:
        sys.exit(_refusal(CAPTIVE.format(account=user)))


def _refusal(line: str) -> int:
    print(line, file=sys.stderr)
    return REFUSED


def die_with(parent: int, orphaned: int) -> None:
    """Have the kernel send this process `orphaned` when its parent dies. After setuid, which would clear it."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, orphaned, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


if __name__ == "__main__":
    main(sys.argv[1:])
