"""The same act and the same checker twice: the product lives through it, the mutant does not."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest

from tests.faults.lanes import Lanes
from tests.faults.nursery import Nursery
from tests.faults.scenario import Run, Scenario
from tests.faults.scenarios import SCENARIOS

LANES = 5
MUTANTS = [(scenario, mutant) for scenario in SCENARIOS for mutant in scenario.mutants]

pytestmark = pytest.mark.timeout(480)  # whoever is first may wait for all
Play = Callable[[Scenario[Any], str | None], Run]


@pytest.fixture(scope="module")
def play(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Play]:
    """What a scenario shows. All that are wanted begin at once, side by side, the longest first."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen: list[Mapping[str, Any]] = [item.callspec.params for item in items if item.module is request.module]
    wanted: list[tuple[Scenario[Any], str | None]] = [(one["scenario"], one.get("mutant")) for one in chosen]
    wanted.sort(key=lambda run: run[0].within + bool(run[1]), reverse=True)
    with Lanes([tmp_path_factory.mktemp("lane") for _ in range(min(LANES, len(wanted)))], nursery) as lanes:
        runs: dict[tuple[str, str | None], Future[Run]] = {
            (scenario.name, mutant): lanes.start(partial(scenario.play, mutant=mutant)) for scenario, mutant in wanted
        }
        yield lambda scenario, mutant: runs[scenario.name, mutant].result()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_promises_hold_through(scenario: Scenario[Any], play: Play) -> None:
    run = play(scenario, None)
    print(run.told)
    assert run.found == []
    assert run.missed == [], "this shows nothing"


@pytest.mark.parametrize(("scenario", "mutant"), MUTANTS, ids=[mutant for _, mutant in MUTANTS])
def test_a_mutant_is_caught(scenario: Scenario[Any], mutant: str, play: Play) -> None:
    run = play(scenario, mutant)
    print(run.told)
    assert {violation.broken for violation in run.found} == scenario.mutants[mutant]
