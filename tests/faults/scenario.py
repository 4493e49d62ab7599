"""A scenario: a fault, the promise that it would break, and mutants of the product that do not keep it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Generic, TypeVar

from tests.faults.checker import Violation, violations
from tests.faults.count import count
from tests.faults.ending import conclude
from tests.faults.ground import Ground
from tests.faults.machine import Changes, Machine
from tests.triage.reading.nameserver import Nameserver, a_nameserver

S = TypeVar("S")
MORE = 2.0
"""So many times longer may the product take than it takes for a mutant to be caught: a busy machine is no fault."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a scenario showed. `missed` are the faults that hit nobody: with them it shows nothing."""

    found: Sequence[Violation]
    missed: Sequence[str]
    told: str


@dataclass(frozen=True, kw_only=True)
class Scenario(ABC, Generic[S]):
    """What happens on a stage; which mutants of which face do not live through it, and what each of them breaks.

    A lease is a second, so that what waits for it to run out does not wait long.
    """

    act: Callable[[S], None]
    face: str
    mutants: Mapping[str, frozenset[StrEnum]]
    faults: Sequence[str] = ()
    workers: int = 1
    sweep_seconds: int = 1
    within: float = 8.0

    @property
    def name(self) -> str:
        return self.act.__name__

    def changes(self, mutant: str | None) -> Changes:
        """What is done to the face: its faults, and the mutant if it is a mutant's turn."""
        return {self.face: [*self.faults, *([mutant] if mutant else [])]}

    def patience(self, mutant: str | None) -> float:
        return self.within if mutant else self.within * MORE

    @abstractmethod
    def staged(self, ground: Ground, mutant: str | None) -> AbstractContextManager[S]:
        """Where it happens."""

    @abstractmethod
    def ended(self, stage: S) -> Run:
        """What was broken."""

    def play(self, ground: Ground, mutant: str | None) -> Run:
        with self.staged(ground, mutant) as stage:
            self.act(stage)
            return self.ended(stage)


@dataclass(frozen=True, kw_only=True)
class Reporting(Scenario[Machine]):
    """People report, and the stage is a machine."""

    @contextmanager
    def staged(self, ground: Ground, mutant: str | None) -> Iterator[Machine]:
        seconds = {"lease_seconds": 1, "sweep_seconds": self.sweep_seconds}
        with ground.machine(Random(0), self.workers, self.changes(mutant), **seconds) as machine:
            machine.patience = self.patience(mutant)
            yield machine

    def ended(self, stage: Machine) -> Run:
        return run_of(stage)


@dataclass(frozen=True, slots=True)
class Names:
    """A machine, and the resolver that it asks."""

    machine: Machine
    server: Nameserver


@dataclass(frozen=True, kw_only=True)
class Naming(Scenario[Names]):
    """What is reported has names in it."""

    @contextmanager
    def staged(self, ground: Ground, mutant: str | None) -> Iterator[Names]:
        with a_nameserver({}) as server:
            resolver = "{}:{}".format(*server.resolver)
            settings: dict[str, object] = {"lease_seconds": 1, "sweep_seconds": 1, "resolver": resolver}
            with ground.machine(Random(0), self.workers, self.changes(mutant), **settings) as machine:
                machine.patience = self.patience(mutant)
                yield Names(machine, server)

    def ended(self, stage: Names) -> Run:
        return run_of(stage.machine)


def run_of(machine: Machine) -> Run:
    """What became of all that was reported."""
    story = conclude(machine, machine.patience, settle=max(6.0, machine.patience))
    return Run(violations(story), machine.missed, str(count(story)))
