"""The same act and the same checker twice: the product lives through it, the mutant does not."""

from random import Random

import pytest

from tests.faults.checker import Violation, violations
from tests.faults.conftest import StartMachine
from tests.faults.count import count
from tests.faults.ending import conclude
from tests.faults.scenarios import SCENARIOS, Scenario

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.act.__name__)
def test_the_promises_hold_through(scenario: Scenario, start_machine: StartMachine) -> None:
    assert _run(scenario, start_machine, mutated=False) == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.mutant)
def test_a_mutant_is_caught(scenario: Scenario, start_machine: StartMachine) -> None:
    found = _run(scenario, start_machine, mutated=True)
    assert {violation.broken for violation in found} == scenario.breaks


def _run(scenario: Scenario, start_machine: StartMachine, mutated: bool) -> list[Violation]:
    """With a lease of a second, so that what waits for it to run out does not wait long."""
    changes = scenario.changes(mutated)
    seconds = {"lease_seconds": 1, "sweep_seconds": scenario.sweep_seconds}
    with start_machine(Random(0), scenario.workers, changes, **seconds) as machine:
        scenario.act(machine)
        story = conclude(machine, scenario.within, settle=6)
    print(count(story))
    return violations(story)
