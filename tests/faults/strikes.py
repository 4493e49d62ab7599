"""What can befall a machine. Each strike returns what undoes it, and whether it hit; only this machine is struck."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import redis

from tests.faults.machine import Machine
from tests.faults.proxy import Proxy

Heal = Callable[[], None]


def nothing() -> None:
    """What is killed is started again by whoever looks after it."""


@dataclass(frozen=True)
class Blow:
    """It lasts until it is healed, and hits nobody before it `landed`: a trap waits for what falls into it."""

    heal: Heal = nothing
    landed: Callable[[], bool] = lambda: True


Strike = Callable[[Machine, Random], Blow]


def kill_intake(machine: Machine, random: Random) -> Blow:
    machine.intake.kill()
    return Blow()


def stop_intake(machine: Machine, random: Random) -> Blow:
    return Blow(stopped([machine.intake.pid]))


def kill_worker(machine: Machine, random: Random) -> Blow:
    random.choice(machine.workers).kill()
    return Blow()


def stop_worker(machine: Machine, random: Random) -> Blow:
    return Blow(stopped([random.choice(machine.workers).pid]))


def kill_postgres(machine: Machine, random: Random) -> Blow:
    machine.servers.kill_postgres()
    return Blow(machine.servers.restart_postgres)


def kill_backend(machine: Machine, random: Random) -> Blow:
    """PostgreSQL then ends all others too and reads its log again."""
    os.kill(random.choice(machine.backends()), signal.SIGKILL)
    return Blow()


def hang_postgres(machine: Machine, random: Random) -> Blow:
    """It is there, it lets connections in, and it says nothing."""
    assert machine.servers.postgres
    return Blow(stopped([machine.servers.postgres.pid, *machine.backends()]))


def kill_valkey(machine: Machine, random: Random) -> Blow:
    machine.servers.kill_valkey()
    return Blow(machine.servers.restart_valkey)


def hang_valkey(machine: Machine, random: Random) -> Blow:
    assert machine.servers.valkey
    return Blow(stopped([machine.servers.valkey.pid]))


def flush_valkey(machine: Machine, random: Random) -> Blow:
    with _bells(machine) as bells:
        bells.flushall()
    return Blow()


def drop_bell_lines(machine: Machine, random: Random) -> Blow:
    with _bells(machine) as bells:
        bells.client_kill_filter(_type="normal", skipme=True)
    return Blow()


def cut_commits(machine: Machine, random: Random) -> Blow:
    """Stored, and intake does not learn it, nor when it asks again."""
    return _cutting(machine.store_line, 2)


def cut_receipts(machine: Machine, random: Random) -> Blow:
    """Stored, and the sender does not learn it."""
    return _cutting(machine.front, random.randint(2, 5))


def cut_triage(machine: Machine, random: Random) -> Blow:
    """Taken or filed, and the worker does not learn it."""
    return _cutting(machine.triage_line, random.randint(1, 3))


def reset_lines(machine: Machine, random: Random) -> Blow:
    for line in machine.lines:
        machine.background.wait_for(line.reset())
    return Blow()


def slow_store(machine: Machine, random: Random) -> Blow:
    machine.store_line.delay = random.uniform(0.05, 0.3)
    return Blow(machine.store_line.restore)


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


def _cutting(line: Proxy, answers: int) -> Blow:
    """However long nobody asks anything: these answers are lost."""
    line.to_cut = answers
    return Blow(line.restore, landed=lambda: not line.to_cut)


def _bells(machine: Machine) -> redis.Redis:
    return redis.Redis.from_url(machine.settings.redis_url or "", socket_timeout=2)
