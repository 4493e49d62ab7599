"""What can befall a machine. Each strike returns what undoes it; only processes of this machine are struck."""

import os
import signal
from collections.abc import Callable, Sequence
from random import Random

import redis

from tests.faults.machine import Machine
from tests.faults.proxy import Proxy

Heal = Callable[[], None]
Strike = Callable[[Machine, Random], Heal]


def nothing() -> None:
    """What is killed is started again by whoever looks after it."""


def kill_intake(machine: Machine, random: Random) -> Heal:
    machine.intake.kill()
    return nothing


def stop_intake(machine: Machine, random: Random) -> Heal:
    return stopped([machine.intake.pid])


def kill_worker(machine: Machine, random: Random) -> Heal:
    random.choice(machine.workers).kill()
    return nothing


def stop_worker(machine: Machine, random: Random) -> Heal:
    return stopped([random.choice(machine.workers).pid])


def kill_postgres(machine: Machine, random: Random) -> Heal:
    machine.servers.kill_postgres()
    return machine.servers.restart_postgres


def kill_backend(machine: Machine, random: Random) -> Heal:
    """PostgreSQL then ends all others too and reads its log again."""
    os.kill(random.choice(machine.backends()), signal.SIGKILL)
    return nothing


def hang_postgres(machine: Machine, random: Random) -> Heal:
    """It is there, it lets connections in, and it says nothing."""
    assert machine.servers.postgres
    return stopped([machine.servers.postgres.pid, *machine.backends()])


def kill_valkey(machine: Machine, random: Random) -> Heal:
    machine.servers.kill_valkey()
    return machine.servers.restart_valkey


def hang_valkey(machine: Machine, random: Random) -> Heal:
    assert machine.servers.valkey
    return stopped([machine.servers.valkey.pid])


def flush_valkey(machine: Machine, random: Random) -> Heal:
    with _bells(machine) as bells:
        bells.flushall()
    return nothing


def drop_bell_lines(machine: Machine, random: Random) -> Heal:
    with _bells(machine) as bells:
        bells.client_kill_filter(_type="normal", skipme=True)
    return nothing


def cut_commits(machine: Machine, random: Random) -> Heal:
    """Stored, and intake does not learn it, nor when it asks again."""
    return _cutting(machine.store_line, 2)


def cut_receipts(machine: Machine, random: Random) -> Heal:
    """Stored, and the sender does not learn it."""
    return _cutting(machine.front, random.randint(1, 4))


def cut_triage(machine: Machine, random: Random) -> Heal:
    """Taken or filed, and the worker does not learn it."""
    return _cutting(machine.triage_line, random.randint(1, 3))


def reset_lines(machine: Machine, random: Random) -> Heal:
    for line in machine.lines:
        machine.background.wait_for(line.reset())
    return nothing


def slow_store(machine: Machine, random: Random) -> Heal:
    machine.store_line.delay = random.uniform(0.05, 0.3)
    return machine.store_line.restore


def stopped(pids: Sequence[int]) -> Heal:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return lambda: _continued(pids)


def _continued(pids: Sequence[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            continue


def _cutting(line: Proxy, answers: int) -> Heal:
    line.to_cut = answers
    return line.restore


def _bells(machine: Machine) -> redis.Redis:
    return redis.Redis.from_url(machine.settings.redis_url or "", socket_timeout=2)
