"""Where the servers are: written while `hotline up` runs, so that other commands find them."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from core import keys
from core.errors import HotlineError, WrongSetting
from core.settings import PREFIX, Settings

ROLE_URLS = tuple(f"{process}_database_url" for process in keys.PROCESSES)


class NothingRunning(HotlineError):
    """Nothing is running here: start `make run`, or set HOTLINE_DATABASE_URL and HOTLINE_REDIS_URL."""


class AlreadyRunning(HotlineError):
    """It is running here already."""


class Addresses(msgspec.Struct, frozen=True):
    """The owner's database and the bells. Both hold passwords: the file is its owner's alone."""

    database_url: str
    redis_url: str

    def write(self, var: Path) -> None:
        draft = _file(var).with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.encode(self))
        draft.rename(_file(var))

    @classmethod
    def read(cls, var: Path) -> "Addresses":
        """Raises NothingRunning, also when what was running was killed."""
        try:
            with _lock_file(var) as lock, _file(var).open("rb") as addresses:
                if _take(lock):
                    raise NothingRunning
                return msgspec.json.decode(addresses.read(), type=cls)
        except (OSError, msgspec.DecodeError):
            raise NothingRunning from None

    @staticmethod
    def remove(var: Path) -> None:
        _file(var).unlink(missing_ok=True)


def were_left(var: Path) -> bool:
    """Whether the last run was killed before it could clear up."""
    return _file(var).exists()


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold this folder; the kernel lets go when we die. Raises AlreadyRunning, naming who holds it."""
    try:
        var.mkdir(mode=0o755, parents=True, exist_ok=True)
        opened = _lock_file(var)
    except OSError as error:
        raise WrongSetting(f"HOTLINE_VAR: {var} cannot be written ({error.strerror}).") from None
    with opened as lock:
        if not _take(lock, tries=5):  # a command that looks whether we run holds it for an instant
            pid = os.pread(lock, 20, 0).decode().strip() or "unknown"
            raise AlreadyRunning(f"Already running here (pid {pid}): end that one, or set HOTLINE_VAR to another.")
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield


def with_addresses(settings: Settings) -> Settings:
    """The settings with both URLs, taken from what is running here where they are not set.

    Raises NothingRunning.
    """
    if settings.database_url and settings.redis_url:
        return settings
    running = Addresses.read(settings.var_dir)
    return msgspec.structs.replace(
        settings,
        database_url=settings.database_url or running.database_url,
        redis_url=settings.redis_url or running.redis_url,
    )


def role_url(owner_url: str, role: str, password: str) -> str:
    """The same database for another role."""
    parts = urlsplit(owner_url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(scheme="postgresql", netloc=f"{role}:{quote(password, safe='')}@{host}").geturl()


def child_settings(settings: Settings, process: str) -> Settings:
    """What one process may know: its own role's URL, not the owner's and not the others'.

    `process` is `intake`, `triage` or `console`. Raises KeysMissing before `migrate` made its password.
    """
    own = f"{process}_database_url"
    url = getattr(settings, own)
    if url is None:
        assert settings.database_url
        url = role_url(settings.database_url, f"hotline_{process}", keys.password_of(settings.keys_dir, process))
    password = settings.smtp_password if process == "triage" else None
    own_only = {**dict.fromkeys(ROLE_URLS), own: url}
    return msgspec.structs.replace(settings, database_url=None, smtp_password=password, **own_only)


def child_environ(settings: Settings, process: str) -> dict[str, str]:
    """The environment of one process: ours, with its own settings in place of ours."""
    own = msgspec.structs.replace(
        child_settings(settings, process), var=str(settings.var_dir), keys=str(settings.keys_dir)
    )
    return _environ(own)


def stranger_environ(settings: Settings) -> dict[str, str]:
    """The environment of a process that is none of the hotline's: no database, no bells."""
    nothing = dict.fromkeys(("database_url", "redis_url", *ROLE_URLS))
    return _environ(msgspec.structs.replace(settings, var=str(settings.var_dir), **nothing))


def _environ(settings: Settings) -> dict[str, str]:
    facts = msgspec.structs.asdict(settings).items()
    given = {f"{PREFIX}{name.upper()}": str(value) for name, value in facts if value is not None}
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | given


def _file(var: Path) -> Path:
    return var / "servers.json"


def _lock_file(var: Path) -> AbstractContextManager[int]:
    lock = os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    return _closing(lock)


@contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _take(lock: int, tries: int = 1) -> bool:
    for _ in range(tries):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return True
    return False
