"""Our own PostgreSQL and Valkey: from nothing, killed, and back."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from core.errors import HotlineError, WrongSetting
from ops.embedded import postgres
from ops.embedded.servers import EmbeddedServers
from ops.processes.child import wait_for

DURABLE = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
SILENT = {"log_statement": "none", "log_min_error_statement": "panic", "log_min_messages": "log"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """Servers of this file alone, in a folder with a space, below one that only we may enter."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    with EmbeddedServers(closed / "two words") as servers:
        write_a_row(servers.database_url)
        yield servers


def show(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    assert row
    return str(row[0])


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row
    return int(row[0])


def write_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


@pytest.mark.parametrize("name", DURABLE)
def test_a_commit_is_durable(own: EmbeddedServers, name: str) -> None:
    assert show(own.database_url, name) == "on"


@pytest.mark.parametrize(("name", "value"), SILENT.items())
def test_the_log_is_told_to_repeat_no_statement(own: EmbeddedServers, name: str, value: str) -> None:
    assert show(own.database_url, name) == value


def test_a_failing_statement_leaves_no_word_in_the_log(own: EmbeddedServers) -> None:
    with psycopg.connect(own.database_url) as connection, pytest.raises(psycopg.DataError):
        connection.execute("SELECT %s::int", ("a child's words",))
    assert "child" not in (own.var / "log/postgres.log").read_text()


def test_text_is_utf8_and_sorts_alike_everywhere(own: EmbeddedServers) -> None:
    assert show(own.database_url, "server_encoding") == "UTF8"
    with psycopg.connect(own.database_url) as connection:
        assert connection.execute("SELECT lower('ÀÉ'), 'é' > 'z'").fetchone() == ("àé", True)


def test_neither_server_lets_a_stranger_in(own: EmbeddedServers) -> None:
    assert own.postgres
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(own.database_url.replace("@", "x@"))
    with (
        Redis(port=int(own.redis_url.rpartition(":")[2].split("/")[0])) as stranger,
        pytest.raises(AuthenticationError),
    ):
        stranger.ping()


def test_no_password_is_on_a_command_line(own: EmbeddedServers) -> None:
    secrets = [own.database_url.split(":")[2].split("@")[0], own.redis_url.split(":")[2].split("@")[0]]
    lines = [" ".join(psutil.Process(child.pid).cmdline()) for child in own.children]
    assert not any(secret in line for secret in secrets for line in lines)


def test_the_servers_do_not_run_as_root(own: EmbeddedServers) -> None:
    assert all(0 not in psutil.Process(child.pid).uids() for child in own.children)


def test_what_was_committed_survives_kill_9_of_postgresql(own: EmbeddedServers) -> None:
    write_a_row(own.database_url)
    before = rows(own.database_url)
    own.kill_postgres()
    own.restart_postgres()
    assert rows(own.database_url) == before


def test_a_killed_backend_costs_a_connection_and_no_more(own: EmbeddedServers) -> None:
    assert own.postgres
    with psycopg.connect(own.database_url) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(5)")
    wait_for([own.postgres], patience=10)
    assert rows(own.database_url) >= 0


def test_bells_are_gone_after_kill_9_and_the_doorbell_is_back(own: EmbeddedServers) -> None:
    with Redis.from_url(own.redis_url) as bells:
        bells.set("bell", "1")
    own.kill_valkey()
    own.restart_valkey()
    with Redis.from_url(own.redis_url) as bells:
        assert bells.get("bell") is None
        assert bells.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_a_second_start_is_quick_and_finds_the_data(own: EmbeddedServers) -> None:
    write_a_row(own.database_url)
    before = rows(own.database_url)
    own.stop()
    began = time.monotonic()
    own.start()
    assert time.monotonic() - began < 6
    assert rows(own.database_url) == before


def test_a_stale_lock_file_with_a_living_pid_is_no_obstacle(own: EmbeddedServers) -> None:
    own.kill_postgres()
    lock = own.var / "postgres/data/postmaster.pid"
    lock.write_text("\n".join([str(os.getpid()), *lock.read_text().splitlines()[1:]]))
    own.restart_postgres()
    assert rows(own.database_url) >= 0


def test_a_server_left_by_another_is_ended_before_ours_starts(own: EmbeddedServers) -> None:
    assert own.postgres
    with EmbeddedServers(own.var, with_valkey=False) as another:
        assert not own.postgres.is_running
        assert show(another.database_url, "fsync") == "on"
    own.restart_postgres()


def test_half_made_data_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "postgres/data.new").mkdir(parents=True)
    (tmp_path / "postgres/data.new/PG_VERSION").write_text("18\n")
    with EmbeddedServers(tmp_path, with_valkey=False) as servers:
        assert show(servers.database_url, "data_checksums") == "on"


def test_a_lost_password_is_one_line(own: EmbeddedServers) -> None:
    assert own.postgres
    port = int(own.database_url.rpartition(":")[2].split("/")[0])
    with pytest.raises(HotlineError, match="HOTLINE_KEYS"):
        postgres.answers(port, "another")


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("HOTLINE_POSTGRES_BIN", {"postgres_bin": "/nowhere"}),
        ("HOTLINE_VALKEY_BIN", {"valkey_bin": "/nowhere", "with_postgres": False}),
        pytest.param(
            "HOTLINE_SERVER_USER",
            {"server_user": "nobody-of-that-name"},
            marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its user"),
        ),
        pytest.param(
            "HOTLINE_SERVER_USER",
            {"server_user": "root"},
            marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its user"),
        ),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, setting: str, settings: dict[str, str]) -> None:
    with pytest.raises(WrongSetting, match=setting):
        EmbeddedServers(tmp_path, **settings)  # type: ignore[arg-type]  # a table of mixed settings
