"""Whatever can go wrong, goes wrong: at random times, in an order that a seed repeats."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import psycopg
import redis

from ops.processes.child import Child
from tests.faults.machine import Machine
from tests.faults.proxy import Proxy

Heal = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """`strike` does the harm and returns what undoes it, after some seconds between `least` and `most`."""

    name: str
    strike: Callable[[Machine, Random], Heal]
    least: float = 0.0
    most: float = 0.0


def _nothing() -> None:
    """What is killed is started again by whoever supervises it."""


def kill_intake(machine: Machine, random: Random) -> Heal:
    machine.children["intake"].kill()
    return _nothing


def stop_intake(machine: Machine, random: Random) -> Heal:
    return _stopped([machine.children["intake"].pid])


def kill_worker(machine: Machine, random: Random) -> Heal:
    random.choice(machine.workers).kill()
    return _nothing


def stop_worker(machine: Machine, random: Random) -> Heal:
    return _stopped([random.choice(machine.workers).pid])


def kill_postgres(machine: Machine, random: Random) -> Heal:
    machine.servers.kill_postgres()
    return machine.servers.restart_postgres


def kill_backend(machine: Machine, random: Random) -> Heal:
    """PostgreSQL then ends all others too and reads its log again."""
    os.kill(random.choice(machine.backends()), signal.SIGKILL)
    return _nothing


def hang_postgres(machine: Machine, random: Random) -> Heal:
    """It is there, it takes connections, and it says nothing."""
    assert machine.servers.postgres
    return _stopped([machine.servers.postgres.pid, *machine.backends()])


def kill_valkey(machine: Machine, random: Random) -> Heal:
    machine.servers.kill_valkey()
    return machine.servers.restart_valkey


def hang_valkey(machine: Machine, random: Random) -> Heal:
    assert machine.servers.valkey
    return _stopped([machine.servers.valkey.pid])


def flush_valkey(machine: Machine, random: Random) -> Heal:
    _bells(machine).flushall()
    return _nothing


def drop_bell_lines(machine: Machine, random: Random) -> Heal:
    _bells(machine).client_kill_filter(_type="normal", skipme=True)
    return _nothing


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
    return _nothing


def slow_store(machine: Machine, random: Random) -> Heal:
    machine.store_line.delay = random.uniform(0.05, 0.3)
    return machine.store_line.restore


@dataclass(frozen=True)
class Part:
    """A part of the machine, what may befall it, and how long it is left alone in between."""

    name: str
    faults: Sequence[Fault]
    least: float
    most: float


PARTS = (
    Part("intake", (Fault("kill intake", kill_intake), Fault("stop intake", stop_intake, 0.5, 2)), 5, 9),
    Part(
        "worker",
        (
            Fault("kill worker", kill_worker),
            Fault("stop worker", stop_worker, 0.5, 4),
            Fault("stop worker past its lease", stop_worker, 16, 18),
        ),
        1,
        4,
    ),
    Part(
        "postgres",
        (
            Fault("kill postmaster", kill_postgres, 0.2, 1.5),
            Fault("kill backend", kill_backend),
            Fault("hang postgres", hang_postgres, 1, 4),
        ),
        4,
        8,
    ),
    Part(
        "valkey",
        (
            Fault("kill valkey", kill_valkey, 0.2, 4),
            Fault("hang valkey", hang_valkey, 1, 6),
            Fault("flush valkey", flush_valkey),
            Fault("drop bell lines", drop_bell_lines),
        ),
        1,
        4,
    ),
    Part(
        "lines",
        (
            Fault("cut commits", cut_commits, 1, 2),
            Fault("cut receipts", cut_receipts, 1, 2),
            Fault("cut triage", cut_triage, 1, 2),
            Fault("reset lines", reset_lines),
            Fault("slow store", slow_store, 1, 2),
        ),
        0.5,
        2,
    ),
)


@dataclass
class Lane:
    """The faults of one part, one after another; each comes once before any comes twice."""

    part: Part
    random: Random
    done: Counter[str]
    at: float = 0.0
    heal: Heal | None = None
    _left: list[Fault] = field(default_factory=list)

    def look(self, machine: Machine, now: float) -> None:
        if now < self.at:
            return
        if self.heal:
            self.calm(now)
        else:
            self._strike(machine, now)

    def calm(self, now: float) -> None:
        """Undo what was done, and leave the part alone for a while."""
        if self.heal:
            self.heal()
        self.heal, self.at = None, now + self.random.uniform(self.part.least, self.part.most)

    def _strike(self, machine: Machine, now: float) -> None:
        self._left = self._left or self.random.sample(self.part.faults, len(self.part.faults))
        fault = self._left[-1]
        try:
            self.heal = fault.strike(machine, self.random)
        except (psycopg.Error, redis.RedisError, IndexError, ProcessLookupError):
            self.at = now + 0.2  # what it would harm is not there yet
            return
        self._left.pop()
        self.done[fault.name] += 1
        self.at = now + self.random.uniform(fault.least, fault.most)


class Nemesis:
    """Every part has its own faults, all at once; the seed decides what and when."""

    def __init__(self, machine: Machine, seed: int) -> None:
        self.machine = machine
        self.done: Counter[str] = Counter()
        self.lanes = [Lane(part, Random(f"{seed} {part.name}"), self.done) for part in PARTS]

    def rage(self, seconds: float) -> None:
        """Until time is up; then what is broken is whole again."""
        begun = time.monotonic()
        while (now := time.monotonic()) < begun + seconds:
            for lane in self.lanes:
                lane.look(self.machine, now)
            self.machine.tick()
            time.sleep(0.02)
        for lane in self.lanes:
            lane.calm(now)


def _stopped(pids: Sequence[int]) -> Heal:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return lambda: _continue(pids)


def _continue(pids: Sequence[int]) -> None:
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
