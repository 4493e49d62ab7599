"""Each promise, the one fault that would break it, and the mutant that it breaks."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import acts
from tests.faults.checker import Broken
from tests.faults.machine import Changes, Machine

UNSEEN = frozenset({Broken.INVISIBLE, Broken.NOT_IN_A_CASE})


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What happens; which mutant of which face does not live through it, and what it breaks; how it is set up."""

    act: Callable[[Machine], None]
    face: str
    mutant: str
    breaks: frozenset[Broken]
    fault: str | None = None
    workers: int = 1
    sweep_seconds: int = 1
    within: float = 8.0

    def changes(self, mutated: bool) -> Changes:
        """What is done to the face: its fault, and the mutant if it is the mutant's turn."""
        return {self.face: [name for name in (self.fault, self.mutant if mutated else None) if name]}


SCENARIOS = (
    Scenario(
        act=acts.no_database,
        face="intake",
        mutant="acknowledge_before_commit",
        breaks=frozenset({Broken.LOST}),
    ),
    Scenario(
        act=acts.lost_answers,
        face="intake",
        mutant="new_id_every_time",
        breaks=frozenset({Broken.SECOND_REPORT}),
    ),
    Scenario(
        act=acts.a_slow_commit,
        face="intake",
        mutant="ring_before_commit",
        breaks=UNSEEN,
        sweep_seconds=3600,
        within=6,
    ),
    Scenario(
        act=acts.a_late_end,
        face="intake",
        mutant="die_of_the_unexpected",
        breaks=frozenset({Broken.NEVER_TAKEN}),
    ),
    Scenario(
        act=acts.lost_bells,
        face="worker",
        mutant="no_sweep",
        breaks=UNSEEN,
    ),
    Scenario(
        act=acts.no_bells,
        face="worker",
        mutant="sweep_that_only_rings",
        breaks=frozenset({Broken.INVISIBLE}),
        within=5,
    ),
    Scenario(
        act=acts.a_report_that_kills,
        face="worker",
        mutant="attempts_not_committed",
        breaks=UNSEEN,
        fault="poisoned",
        workers=2,
        within=15,
    ),
    Scenario(
        act=acts.a_line_added,
        face="worker",
        mutant="nobody_waits_for_a_receipt",
        breaks=frozenset({Broken.SPLIT}),
        fault="slow",
        workers=2,
        within=12,
    ),
    Scenario(
        act=acts.a_silent_line,
        face="worker",
        mutant="endless_patience",
        breaks=UNSEEN,
        fault="impatient",
        within=9,
    ),
)
