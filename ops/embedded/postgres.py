"""One PostgreSQL under `var/`: made once, durable always, silent about what it stores."""

import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from core import keys
from core.errors import HotlineError
from core.settings import ROOT
from ops.embedded.account import Account
from ops.embedded.binaries import Programs
from ops.processes import launch
from ops.processes.child import Child
from ops.processes.leftovers import end_leftovers

OWNER, DATABASE = "hotline_owner", "hotline"
BUILTIN_LOCALE = 17  # the first version that sorts the same on every system
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may be longer than the kernel allows
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "max_locks_per_transaction": "256",  # a batch of a worker waits for seven things of each report
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_min_messages": "log",  # the text of an ERROR may repeat a value
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
INITIAL = ("--encoding=UTF8", "--auth=scram-sha-256", "--data-checksums", "--no-instructions", "--lc-messages=C")


class CannotMakeDatabase(HotlineError):
    """PostgreSQL's data folder cannot be made."""


class WrongPassword(HotlineError):
    """The password in owner/database.password (HOTLINE_KEYS) is not this database's."""


def make_data(folder: Path, password: str, programs: Programs, account: Account) -> None:
    """An empty cluster in `folder/data`, whole or not at all. Raises CannotMakeDatabase, NotOurData."""
    account.own_folder(folder)
    if (folder / "data").exists():
        return
    draft, secret = folder / "data.new", folder / "password.new"
    shutil.rmtree(draft, ignore_errors=True)
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(password + "\n")
    account.own(folder)
    try:
        _initdb(draft, secret, programs, account)
    finally:
        secret.unlink()
    draft.rename(folder / "data")


def server(folder: Path, port: int, password: str, log: Path, programs: Programs, account: Account) -> Child:
    """The server as a child in the foreground; it answers once the database is there."""
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    data = folder / "data"
    return Child(
        name="PostgreSQL",
        command=[programs / "postgres", "-D", str(data), "-p", str(port), *settings],
        log=log,
        cwd=folder,
        user=account.name,
        see=[folder, *programs.needs],
        endings=((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)),
        orphaned=signal.SIGQUIT,
        answers=lambda: answers(port, password),
        tidy=lambda: _tidy(data),
    )


def url(port: int, password: str, database: str = DATABASE) -> str:
    return f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{database}"


def answers(port: int, password: str) -> bool:
    """Whether the server answers; the database is made the first time it does. Raises WrongPassword."""
    try:
        with psycopg.connect(url(port, password, "postgres"), connect_timeout=5, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise WrongPassword from None
        return False
    return True


def password_in(path: Path) -> str:
    """The owner's password, made on first use."""
    keys.write(path, lambda: secrets.token_urlsafe(24))
    return path.read_text().strip()


def _initdb(draft: Path, secret: Path, programs: Programs, account: Account) -> None:
    command = [programs / "initdb", "-D", str(draft), "-U", OWNER, f"--pwfile={secret}", *INITIAL, *_locale(programs)]
    done = subprocess.run(
        launch.command_line(
            command,
            cwd=draft.parent,
            orphaned=signal.SIGKILL,
            user=account.name,
            see=[draft.parent, *programs.needs],
        ),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise CannotMakeDatabase(f"PostgreSQL's data folder cannot be made: {said[-1]}")


def _locale(programs: Programs) -> list[str]:
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.split()[2].split(".")[0]) < BUILTIN_LOCALE:
        return ["--locale=C.UTF-8"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]


def _tidy(data: Path) -> None:
    """After this no server works on the data: the lock file can only be stale, even if its pid lives again."""
    end_leftovers(data, "postgres", signal.SIGQUIT)
    (data / "postmaster.pid").unlink(missing_ok=True)
