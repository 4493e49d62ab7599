"""Each promise, the one fault that would break it, and the mutants that it breaks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.faults import acts
from tests.faults.checker import Broken, Violation, violations
from tests.faults.count import count
from tests.faults.ending import conclude
from tests.faults.ground import Ground
from tests.faults.machine import Changes, Machine

UNSEEN = frozenset({Broken.INVISIBLE, Broken.NOT_IN_A_CASE})


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a scenario showed. `missed` are the faults that hit nobody: with them it shows nothing."""

    found: Sequence[Violation]
    missed: Sequence[str]
    told: str


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What happens; which mutants of which face do not live through it, and what each breaks; how it is set up.

    A lease is a second, so that what waits for it to run out does not wait long.
    """

    act: Callable[[Machine], None]
    face: str
    mutants: Mapping[str, frozenset[Broken]]
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

    def play(self, ground: Ground, mutant: str | None) -> Run:
        seconds = {"lease_seconds": 1, "sweep_seconds": self.sweep_seconds}
        with ground.machine(Random(0), self.workers, self.changes(mutant), **seconds) as machine:
            self.act(machine)
            story = conclude(machine, self.within, settle=6)
        return Run(violations(story), machine.missed, str(count(story)))


SCENARIOS = (
    Scenario(
        act=acts.no_database,
        face="intake",
        mutants={"intake.acknowledge_before_commit": frozenset({Broken.LOST})},
    ),
    Scenario(
        act=acts.lost_answers,
        face="intake",
        mutants={"intake.new_id_every_time": frozenset({Broken.SECOND_REPORT})},
    ),
    Scenario(
        act=acts.a_slow_commit,
        face="intake",
        mutants={"intake.ring_before_commit": UNSEEN},
        sweep_seconds=3600,
        within=6,
    ),
    Scenario(
        act=acts.a_late_end,
        face="intake",
        mutants={"intake.die_of_the_unexpected": frozenset({Broken.NEVER_TAKEN})},
    ),
    Scenario(
        act=acts.lost_bells,
        face="worker",
        mutants={"worker.no_sweep": UNSEEN},
    ),
    Scenario(
        act=acts.no_bells,
        face="worker",
        mutants={"worker.sweep_that_only_rings": frozenset({Broken.INVISIBLE})},
        within=5,
    ),
    Scenario(
        act=acts.a_report_that_kills,
        face="worker",
        mutants={"worker.attempts_not_committed": UNSEEN},
        faults=["worker.poisoned"],
        workers=2,
        within=15,
    ),
    Scenario(
        act=acts.a_line_added,
        face="worker",
        mutants={"worker.nobody_waits_for_a_receipt": frozenset({Broken.SPLIT})},
        faults=["worker.slow"],
        workers=2,
        within=12,
    ),
    Scenario(
        act=acts.a_silent_line,
        face="worker",
        mutants={"worker.endless_patience": UNSEEN},
        faults=["worker.impatient"],
        within=9,
    ),
)
