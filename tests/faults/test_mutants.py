"""Each promise against the one fault that would break it, and the mutant that breaks it: the checker sees both."""

import os
from random import Random

import pytest

from tests.faults.checker import Broken, violations
from tests.faults.conftest import StartMachine
from tests.faults.count import count
from tests.faults.scenarios import SCENARIOS, Scenario, conclude

pytestmark = pytest.mark.timeout(90)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_the_promises_hold(scenario: Scenario, start_machine: StartMachine) -> None:
    broken, told = _run(scenario, start_machine, mutated=False)
    assert broken == set(), told


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.mutant.__name__)
def test_a_mutant_is_caught(scenario: Scenario, start_machine: StartMachine) -> None:
    broken, told = _run(scenario, start_machine, mutated=True)
    assert broken == scenario.breaks, told


def _run(scenario: Scenario, start_machine: StartMachine, mutated: bool) -> tuple[set[Broken], str]:
    changes = {face: list(names) for face, names in (scenario.faults or {}).items()}
    if mutated:
        changes.setdefault(scenario.face, []).append(scenario.mutant.__name__)
    settings = {"lease_seconds": 1, "sweep_seconds": scenario.sweep_seconds}
    with start_machine(Random(0), scenario.workers, changes, **settings) as machine:
        scenario.act(machine)
        story = conclude(machine, scenario.within)
    print(count(story))
    found = violations(story)
    return {violation.broken for violation in found}, f"{count(story)}\n{found}"
