"""How every run ends: all is whole again, everybody is answered, triage catches up, and what is there is opened."""

from core.keys import IntakeKeys
from tests.faults import stored
from tests.faults.checker import Story
from tests.faults.machine import Machine


def conclude(machine: Machine, within: float, settle: float) -> Story:
    """People send again for at most `settle` seconds; triage may take `within`.

    It is waited for a little longer than that, and no longer: a promise broken for ever ends the run too.
    """
    machine.heal()
    settling = machine.background.start(machine.public.settle(settle))
    machine.supervise(2 * settle, until=settling.done)
    settling.result(0)
    ended_at = machine.supervise(within + 1, until=machine.watch.is_quiet)
    machine.end()
    return Story(
        history=machine.public.history,
        stored=stored.read(machine.settings),
        seen_at=machine.watch.seen_at,
        ended_at=ended_at,
        within=within,
        receipt_key=IntakeKeys.read(machine.settings.keys_dir).receipt,
    )
