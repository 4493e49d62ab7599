"""A way through folders that the servers' user may not enter, without changing a single permission.

PostgreSQL refuses to run as root, and a checkout in root's home (0700) is closed to everybody else. So the
child gets its own view of the file system: an empty folder lies over the closed one, and in it, at their old
paths, only what the server needs.
"""

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNS = 0x20000
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x1000, 0x4000, 0x40000

libc = ctypes.CDLL(None, use_errno=True)


class NoWay(Exception):
    """The folder in the argument is closed and the kernel does not let us lay another over it."""


def open_way(paths: Sequence[Path], uid: int, gid: int) -> None:
    """Make absolute `paths` (no symbolic links) reachable for the user. Needs root. Raises NoWay."""
    closed = {path: folder for path in paths if (folder := first_closed(path, uid, gid))}
    if not closed:
        return
    try:
        _unshare()
        _cover(closed)
    except OSError:
        raise NoWay(next(iter(closed.values()))) from None


def first_closed(path: Path, uid: int, gid: int) -> Path | None:
    """The topmost folder on the way to `path` that the user may not enter."""
    with _acting_as(uid, gid):
        return next((folder for folder in reversed([path, *path.parents]) if not _may_enter(folder)), None)


def _may_enter(folder: Path) -> bool:
    try:
        os.stat(f"{folder}/.")
    except PermissionError:
        return False
    return True


@contextmanager
def _acting_as(uid: int, gid: int) -> Iterator[None]:
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def _unshare() -> None:
    os.chdir("/")
    _must(libc.unshare(CLONE_NEWNS))
    _mount("none", "/", MS_REC | MS_PRIVATE)


def _cover(closed: dict[Path, Path]) -> None:
    """Hold what is needed by its descriptor, lay an empty folder over each closed one, put it back in there."""
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in closed}
    os.umask(0o022)
    for folder in set(closed.values()):
        _mount("tmpfs", str(folder), MS_NOSUID | MS_NODEV, "tmpfs", "mode=0755,size=1m")
    for path, descriptor in held.items():
        path.mkdir(parents=True, exist_ok=True)
        _mount(f"/proc/self/fd/{descriptor}", str(path), MS_BIND | MS_REC)
        os.close(descriptor)


def _mount(source: str, target: str, flags: int, kind: str = "none", options: str = "") -> None:
    _must(libc.mount(source.encode(), os.fsencode(target), kind.encode(), flags, options.encode() or None))


def _must(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
