"""One fault each, and the mutant that does not survive it. The same act, the same checker, with and without."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass

from core.keys import IntakeKeys
from tests.faults import stored
from tests.faults.checker import Broken, Story
from tests.faults.machine import Machine
from tests.faults.history import POISON, Operation
from tests.faults.mutants import intake, worker

SETTLE = 20.0


@dataclass(frozen=True)
class Scenario:
    """What happens, which change of which process breaks what, and how the run is set up."""

    act: Callable[[Machine], None]
    face: str
    mutant: Callable[[], None]
    breaks: frozenset[Broken]
    sweep_seconds: int = 1
    within: float = 8.0
    workers: int = 1
    faults: Mapping[str, tuple[str, ...]] | None = None

    def __str__(self) -> str:
        return self.act.__name__


def lost_bells(machine: Machine) -> None:
    """Nobody hears the bells, and then they are gone: Valkey keeps nothing on disk."""
    _signal_all(machine, signal.SIGSTOP)
    _posted(machine, 5)
    time.sleep(0.5)  # intake rings beside its answers
    machine.servers.kill_valkey()
    machine.servers.restart_valkey()
    _signal_all(machine, signal.SIGCONT)


def no_bells(machine: Machine) -> None:
    """Valkey dies and nobody starts it again."""
    machine.servers.kill_valkey()
    _posted(machine, 5)
    machine.supervise(7, until=machine.is_quiet)


def no_database(machine: Machine) -> None:
    """PostgreSQL dies while people press the button."""
    _posted(machine, 1)
    machine.servers.kill_postgres()
    _posted(machine, 5)
    machine.servers.restart_postgres()


def lost_answers(machine: Machine) -> None:
    """Stored, and nobody is told: first the database's answer is lost (twice: intake asks again), then intake's."""
    machine.store_line.to_cut = 2
    _posted(machine, 1)
    machine.front.to_cut = 1
    _posted(machine, 1)


def a_report_that_kills(machine: Machine) -> None:
    """One report ends every worker that opens it, and ten others are in hand with it."""
    _signal_all(machine, signal.SIGSTOP)
    _posted(machine, 5)
    _posted(machine, 1, POISON)
    _posted(machine, 5)
    _signal_all(machine, signal.SIGCONT)


def a_slow_commit(machine: Machine) -> None:
    """The way to the database is slow; a bell in time is all there is, for the sweep comes once an hour."""
    _posted(machine, 1)
    machine.store_line.delay = 0.5
    _posted(machine, 1)


def a_line_added(machine: Machine) -> None:
    """Somebody goes back and adds a line while the first report is being filed; another worker takes the second."""
    machine.servers.kill_valkey()  # each worker's sweep drains for itself then
    first = _posted(machine, 1)[0]
    machine.supervise(5, until=machine.watch.is_taken)
    machine.background.wait_for(machine.public.add_a_line(first))


def a_silent_line(machine: Machine) -> None:
    """The database's host loses its power: nothing comes back, and no line ends. Another one has its address."""
    _posted(machine, 1)
    machine.supervise(5, until=machine.is_quiet)
    for _ in range(2):  # the thread that hears bells, and the one that sweeps
        machine.background.wait_for(machine.triage_line.silence())
        _posted(machine, 3)


SCENARIOS = (
    Scenario(
        a_line_added,
        "worker",
        worker.nobody_waits_for_a_receipt,
        frozenset({Broken.SPLIT}),
        workers=2,
        within=12,
        faults={"worker": ("slow",)},
    ),
    Scenario(
        a_silent_line,
        "worker",
        worker.endless_patience,
        frozenset({Broken.INVISIBLE, Broken.NOT_IN_A_CASE}),
        within=12,
        faults={"worker": ("impatient",)},
    ),
    Scenario(lost_bells, "worker", worker.no_sweep, frozenset({Broken.INVISIBLE, Broken.NOT_IN_A_CASE})),
    Scenario(no_bells, "worker", worker.sweep_that_only_rings, frozenset({Broken.INVISIBLE}), within=6),
    Scenario(no_database, "intake", intake.acknowledge_before_commit, frozenset({Broken.LOST})),
    Scenario(lost_answers, "intake", intake.new_id_every_time, frozenset({Broken.SECOND_REPORT})),
    Scenario(
        a_report_that_kills,
        "worker",
        worker.attempts_not_committed,
        frozenset({Broken.INVISIBLE, Broken.NOT_IN_A_CASE}),
        within=20,
        workers=2,
        faults={"worker": ("poisoned",)},
    ),
    Scenario(
        a_slow_commit,
        "intake",
        intake.ring_before_commit,
        frozenset({Broken.INVISIBLE, Broken.NOT_IN_A_CASE}),
        sweep_seconds=3600,
    ),
)


def conclude(machine: Machine, within: float) -> Story:
    """Heal everything, let everybody send again who wants to, wait for triage, stop, and open what is there."""
    machine.heal()
    settling = machine.background.start(machine.public.settle(SETTLE))
    machine.supervise(2 * SETTLE, until=settling.done)
    settling.result(0)
    ended_at = machine.supervise(within + 1, until=machine.is_quiet)
    machine.end()
    return Story(
        history=machine.public.history,
        stored=stored.read(machine.settings),
        seen_at=machine.watch.seen_at,
        ended_at=ended_at,
        within=within,
        receipt_key=IntakeKeys.read(machine.settings.keys_dir).receipt,
        poison=POISON,
    )


def _posted(machine: Machine, count: int, country: str = "") -> list[Operation]:
    """So many forms at once, each sent once."""

    async def all_at_once() -> list[Operation]:
        return await asyncio.gather(*(machine.public.report(country) for _ in range(count)))

    return machine.background.wait_for(all_at_once())


def _signal_all(machine: Machine, number: signal.Signals) -> None:
    for child in machine.workers:
        os.kill(child.pid, number)
