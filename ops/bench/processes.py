"""What processes cost, from /proc (proc(5))."""

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int | None = None) -> set[int]:
    """A process, ours by default, and all its descendants."""
    parents = {pid: parent for pid in _pids() if (parent := _parent(pid))}
    members = {root or os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in members} - members:
        members |= more
    return members


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time so far."""
    return sum(sum(int(ticks) for ticks in _stat(pid)[11:13]) for pid in pids) / TICKS


def memory_mb(pids: Iterable[int]) -> float:
    """Proportional set size: shared pages counted once, in MB."""
    return sum(_pss_kb(pid) for pid in pids) / 1000


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int | None:
    stat = _stat(pid)
    return int(stat[1]) if stat else None


def _stat(pid: int) -> list[str]:
    """The fields after the command's name; none when the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _pss_kb(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
