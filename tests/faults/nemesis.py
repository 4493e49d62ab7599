"""Whatever can go wrong goes wrong: at random times, in an order that a seed repeats."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import psycopg
import redis

from core.settings import Settings
from tests.faults import strikes
from tests.faults.machine import TICK, Machine
from tests.faults.strikes import Blow, Strike

LEASE = Settings().lease_seconds


@dataclass(frozen=True)
class Fault:
    """A strike, undone once it has landed, after some seconds between `least` and `most`."""

    name: str
    strike: Strike
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True)
class Part:
    """A part of the machine, what befalls it, and for how long it is left alone in between."""

    name: str
    least: float
    most: float
    faults: Sequence[Fault]


PARTS = (
    Part(
        "intake", 4, 8, [Fault("kill intake", strikes.kill_intake), Fault("stop intake", strikes.stop_intake, 0.5, 2)]
    ),
    Part(
        "worker",
        1,
        4,
        [
            Fault("kill worker", strikes.kill_worker),
            Fault("stop worker", strikes.stop_worker, 0.5, 4),
            Fault("stop worker past its lease", strikes.stop_worker, LEASE + 1, LEASE + 3),
        ],
    ),
    Part(
        "postgres",
        3,
        7,
        [
            Fault("kill postmaster", strikes.kill_postgres, 0.2, 1.5),
            Fault("kill backend", strikes.kill_backend),
            Fault("hang postgres", strikes.hang_postgres, 1, 4),
        ],
    ),
    Part(
        "valkey",
        1,
        4,
        [
            Fault("kill valkey", strikes.kill_valkey, 0.2, 4),
            Fault("hang valkey", strikes.hang_valkey, 1, 6),
            Fault("flush valkey", strikes.flush_valkey),
            Fault("drop bell lines", strikes.drop_bell_lines),
        ],
    ),
    Part(
        "lines",
        0.3,
        1.5,
        [
            Fault("cut commits", strikes.cut_commits),
            Fault("cut receipts", strikes.cut_receipts),
            Fault("cut triage", strikes.cut_triage),
            Fault("reset lines", strikes.reset_lines),
            Fault("slow store", strikes.slow_store, 1, 2),
        ],
    ),
)


@dataclass
class Lane:
    """The faults of one part, one after another; each comes once before any comes twice."""

    part: Part
    random: Random
    done: Counter[str]
    at: float = 0.0
    blow: Blow | None = None
    name: str = ""
    _left: list[Fault] = field(default_factory=list)

    def look(self, machine: Machine, now: float) -> None:
        if now < self.at:
            return
        if self.blow is None:
            self._strike(machine, now)
        elif self.blow.landed():
            self.calm(now)

    def calm(self, now: float) -> None:
        """Undo what was done, and leave the part alone for a while."""
        if self.blow:
            self.done[self.name] += self.blow.landed()
            self.blow.heal()
        self.blow, self.at = None, now + self.random.uniform(self.part.least, self.part.most)

    def _strike(self, machine: Machine, now: float) -> None:
        self._left = self._left or self.random.sample(self.part.faults, len(self.part.faults))
        fault = self._left[-1]
        try:
            self.blow, self.name = fault.strike(machine, self.random), fault.name
        except (psycopg.Error, redis.RedisError, IndexError, ProcessLookupError):
            self.at = now + 0.2  # what it would harm is not there yet
            return
        self._left.pop()
        self.at = now + self.random.uniform(fault.least, fault.most)


class Nemesis:
    """Every part has its own faults, all at once; the seed decides what and when."""

    def __init__(self, machine: Machine, seed: int) -> None:
        self.machine = machine
        self.done: Counter[str] = Counter()
        self.lanes = [Lane(part, Random(f"{seed} {part.name}"), self.done) for part in PARTS]

    def rage(self, least: float, most: float, enough: Callable[[], bool]) -> None:
        """Until everything has befallen somebody and it is `enough`, but not shorter; then all is made whole.

        After `most` seconds it ends whatever has not happened.
        """
        begun = time.monotonic()
        while (now := time.monotonic()) < begun + most:
            if now > begun + least and self.has_done_all and enough():
                break
            for lane in self.lanes:
                lane.look(self.machine, now)
            self.machine.tick()
            time.sleep(TICK)
        for lane in self.lanes:
            lane.calm(now)

    @property
    def has_done_all(self) -> bool:
        return all(self.done[fault.name] for part in PARTS for fault in part.faults)
