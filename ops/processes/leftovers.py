"""What a killed predecessor left running in our folders, found by where it works and what it is."""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

PATIENCE = 5.0


def end_leftovers(folder: Path, program: str, ending: signal.Signals) -> None:
    """End every `program` working in `folder`. Call it only while holding the lock on that folder.

    Compared by device and inode, which hold through another's view of the file system.
    """
    left = list(_working_in(folder, program))
    for number in (ending, signal.SIGKILL):
        _send(left, number)
        left = _still_there(left)


def _working_in(folder: Path, program: str) -> Iterator[int]:
    here = folder.stat()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _is(entry, program, here):
            yield int(entry.name)


def _is(process: Path, program: str, here: os.stat_result) -> bool:
    try:
        return (process / "exe").readlink().name.split()[0] == program and os.path.samestat(
            (process / "cwd").stat(), here
        )
    except OSError:
        return False  # not ours to look at, or gone


def _send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _still_there(pids: list[int]) -> list[int]:
    last = time.monotonic() + PATIENCE
    while pids and time.monotonic() < last:
        pids = [pid for pid in pids if _is_alive(pid)]
        time.sleep(0.02)
    return pids


def _is_alive(pid: int) -> bool:
    """A zombie is not: it only waits for its parent to look."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
