"""`hotline up`: one for each folder, watched, and gone without a trace when it ends, however it ends."""

import json
import os
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.settings import Settings
from ops.addresses import AlreadyRunning, NothingRunning, only_one, with_addresses
from ops.embedded.ports import free_port
from ops.embedded.servers import EmbeddedServers
from ops.migrate import NotDurable
from ops.up import refuse_taken_ports
from tests.ops.running import Running, hotline, is_alive, running, until


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another folder, for runs that a test ends."""
    return tmp_path_factory.mktemp("other")


@pytest.fixture(scope="module")
def up(var: Path) -> Iterator[Running]:
    """One run for the tests that leave it running."""
    with running(var) as run:
        yield run


def database_of(var: Path) -> str:
    return str(json.loads((var / "servers.json").read_bytes())["database_url"])


def test_it_prints_where_to_go(up: Running) -> None:
    assert f"http://127.0.0.1:{up.ports[0]}/" in up.said()
    assert f"http://127.0.0.1:{up.ports[1]}/" in up.said()
    assert "prepared" in up.said()


def test_addresses_are_for_their_owner_only(up: Running) -> None:
    assert stat.S_IMODE((up.var / "servers.json").stat().st_mode) == 0o600
    assert with_addresses(Settings(var=str(up.var))).database_url == database_of(up.var)


def test_a_second_one_says_who_runs_already(up: Running) -> None:
    second = hotline("up", HOTLINE_VAR=str(up.var))
    assert second.returncode == 1
    assert second.stderr.startswith(f"hotline: Already running here (pid {up.process.pid})")
    assert second.stderr.count("\n") == 1


@pytest.mark.parametrize("what", ["postgres", "valkey-server", "intake"])
def test_what_is_killed_is_started_again(up: Running, what: str) -> None:
    killed = up.one(what)
    assert killed
    killed.kill()
    until(lambda: (again := up.one(what)) and again != killed)
    until(lambda: answers(up.var))
    assert "starting it again" in up.said()


def answers(var: Path) -> bool:
    try:
        psycopg.connect(database_of(var)).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it_in_order(other: Path, number: signal.Signals) -> None:
    with running(other) as run:
        everything = run.below()
        assert run.end(number) == 0
        assert not any(is_alive(process) for process in everything)
        assert not (other / "servers.json").exists()
        assert run.said().endswith("Stopping.\n")
    assert "database system is shut down" in (other / "log/postgres.log").read_text().splitlines()[-1]


def test_kill_9_leaves_nothing_running_and_the_next_one_recovers(tmp_path: Path) -> None:
    with running(tmp_path) as run:
        with psycopg.connect(database_of(tmp_path)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
        everything = run.below()
        assert run.end(signal.SIGKILL) == -signal.SIGKILL
        until(lambda: not any(is_alive(process) for process in everything), 15)
    with pytest.raises(NothingRunning):
        with_addresses(Settings(var=str(tmp_path)))
    with running(tmp_path), psycopg.connect(database_of(tmp_path)) as connection:
        assert connection.execute("SELECT id FROM kept").fetchone() == (1,)


def test_kill_9_of_its_parent_ends_it_when_it_was_told_so(tmp_path: Path) -> None:
    parent = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])"]
    with running(tmp_path, parent, ["--with-parent"]) as run:
        everything = run.below()
        run.end(signal.SIGKILL)
        until(lambda: not any(is_alive(process) for process in everything), 15)
        assert run.said().endswith("Stopping.\n")


def test_a_taken_port_is_one_line_and_nothing_was_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = hotline("up", HOTLINE_VAR=str(tmp_path), HOTLINE_CONSOLE_PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr == f"hotline: Port {port} is in use: end the other program, or set HOTLINE_CONSOLE_PORT.\n"
    assert not (tmp_path / "postgres").exists()


def test_two_faces_cannot_share_a_port(tmp_path: Path) -> None:
    refused = hotline("up", HOTLINE_VAR=str(tmp_path), HOTLINE_INTAKE_PORT="8001", HOTLINE_CONSOLE_PORT="8001")
    assert refused.stderr == "hotline: HOTLINE_INTAKE_PORT and HOTLINE_CONSOLE_PORT must differ.\n"


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    refused = hotline("up", HOTLINE_VAR=str(tmp_path), HOTLINE_BIND="192.0.2.1")
    assert refused.stderr.startswith("hotline: HOTLINE_BIND: 192.0.2.1 cannot be used")


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    refused = hotline("up", HOTLINE_VAR=str(tmp_path), HOTLINE_WORKERS="none")
    assert refused.returncode == 1
    assert refused.stderr.startswith("hotline: HOTLINE_WORKERS: ")
    assert refused.stderr.count("\n") == 1


def test_a_database_that_forgets_is_refused_in_one_line(tmp_path: Path) -> None:
    servers = EmbeddedServers(tmp_path / "servers")
    assert servers.postgres
    servers.postgres.command = [*servers.postgres.command, "-c", "fsync=off"]
    with servers:
        var = tmp_path / "var"
        urls = {"HOTLINE_DATABASE_URL": servers.database_url, "HOTLINE_REDIS_URL": servers.redis_url}
        ports = {"HOTLINE_INTAKE_PORT": str(free_port()), "HOTLINE_CONSOLE_PORT": str(free_port())}
        refused = hotline("up", HOTLINE_VAR=str(var), **urls, **ports)
    assert refused.returncode == 1
    assert refused.stderr == f"hotline: {NotDurable.__doc__}\n"
    assert not (var / "postgres").exists()
    assert not (var / "valkey").exists()


def test_commands_beside_nothing_say_so(tmp_path: Path) -> None:
    refused = hotline("migrate", HOTLINE_VAR=str(tmp_path))
    assert refused.returncode == 1
    assert "start `make run`, or set HOTLINE_DATABASE_URL" in refused.stderr


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunning, match=str(os.getpid())), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_free_port_is_no_trouble() -> None:
    refuse_taken_ports(Settings(intake_port=free_port(), console_port=free_port()))
