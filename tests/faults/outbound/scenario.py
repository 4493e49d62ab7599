"""A scenario of what leaves here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.db import transaction
from tests.faults.ground import Ground
from tests.faults.outbound.checker import Ended, Sent, strays
from tests.faults.outbound.stage import a_world
from tests.faults.outbound.world import World
from tests.faults.scenario import Run, Scenario, run_of
from tests.triage.analyst import person_of
from tests.triage.outbound.sending import delivery
from triage.referrals.listing import undelivered

ONE_SECOND = 1


@dataclass(frozen=True, kw_only=True)
class Sending(Scenario[World]):
    """Cases are referred, and the stage is a machine with other sides, `with_house` another hotline among them.

    Where nothing `heals`, an answer is waited for longer than a report may wait.
    """

    face: str = "worker"
    heals: bool = True
    with_house: bool = False
    within: float = 6.0

    @contextmanager
    def staged(self, ground: Ground, mutant: str | None) -> Iterator[World]:
        seconds = ONE_SECOND if self.heals else int(self.patience(mutant)) + 2
        with a_world(ground, self.workers, self.changes(mutant), seconds, self.with_house) as world:
            world.machine.patience = self.patience(mutant)
            yield world

    def ended(self, stage: World) -> Run:
        if self.heals:
            stage.settle()
        astray = strays(_sent(stage, self.heals))
        run = run_of(stage.machine)
        return Run([*run.found, *astray], run.missed, run.told)


def _sent(world: World, healed: bool) -> Sent:
    rows = {one.id: delivery(world.owner, one.id) for one in world.made}
    person = person_of(world.owner, world.staff)
    with transaction(world.console, person.agency) as session:
        red = {one.id for one in undelivered(session, person)}
    return Sent(
        made=world.made,
        ended={id: Ended(row.state, row.receipt) for id, row in rows.items()},
        red=red,
        copies={by: side.copies() for by, side in world.sides.items()},
        healed=healed,
    )
