"""One fault each on the way to another side."""

import os
import signal
from collections.abc import Sequence
from functools import partial

from core.vocabulary import By
from tests.faults.mutants import points
from tests.faults.outbound.sides import FINISHED
from tests.faults.outbound.world import World

SENT = "sent"
"""A point that no process knows of: the other side has it, and its answer is on the way."""
ONCE = ("claimed", "opened", "settled")
"""Points at which the other side has nothing yet, or all is committed here."""
OPENED = b"<reportId>"


def dies_by_mail(world: World) -> None:
    _dies(world, By.EMAIL, [*points.DELIVERY, SENT])


def dies_by_hook(world: World) -> None:
    _dies(world, By.WEBHOOK, [*points.DELIVERY, SENT])


def dies_by_tipline(world: World) -> None:
    _dies(world, By.CYBERTIPLINE, [*points.DELIVERY, *points.FILING, SENT])


def stopped_past_its_lease(world: World) -> None:
    """A courier stands still with a report open there; another one takes over; then the first one goes on."""
    world.machine.arm("submitted", signal.SIGSTOP)
    world.refer(By.CYBERTIPLINE)
    world.wait(partial(world.machine.has_hit, "submitted"))
    world.machine.disarm("submitted")
    world.let_time_pass()
    world.machine.supervise(world.machine.patience, until=world.is_settled)
    world.machine.arm(points.LET_GO, signal.SIGCONT)  # which does nothing to who runs
    for worker in world.machine.workers:
        os.kill(worker.pid, signal.SIGCONT)
    world.wait(partial(world.machine.has_hit, points.LET_GO))
    world.machine.disarm(points.LET_GO)


def answers_lost_there(world: World) -> None:
    """Each side has it and nobody here learns it; in the end the other hotline dies with the answer on its lips."""
    tipline = world.sides[By.CYBERTIPLINE].line
    assert world.house
    _loses(world, By.EMAIL)
    _loses(world, By.WEBHOOK)
    _loses(world, By.CYBERTIPLINE)
    tipline.mark = OPENED
    _loses(world, By.CYBERTIPLINE)
    tipline.mark, tipline.then = FINISHED, world.house.intake.kill
    _loses(world, By.CYBERTIPLINE)


def bad_post(world: World) -> None:
    """A server that has no time, drops the line half way or at the end, answers too late, or wants nothing of it."""
    for mood, copies in (("busy", 1), ("midway", 1), ("dropping", 2), ("late", 2)):
        world.room.mood = mood
        world.refer(By.EMAIL, copies)
        if not world.wait(world.has_no_more_on_its_way):
            world.machine.missed.append(mood)
        world.settle()
    for mood in ("refusing", "unknown"):
        world.room.mood = mood
        world.refer(By.EMAIL, refused=True)
        world.wait(world.has_no_more_on_its_way)


def a_hanging_hook(world: World) -> None:
    """It takes the call and says nothing; meanwhile somebody reports, and another agency gets what is its own."""
    world.calls.silent = 60
    world.refer(By.WEBHOOK)
    world.refer(By.EMAIL)
    world.machine.background.wait_for(world.machine.public.report())
    world.machine.supervise(world.seconds + 4, until=world.has_no_more_on_its_way)


def _dies(world: World, by: By, where: Sequence[str]) -> None:
    """At one point after the other, each time with another referral in hand."""
    worker, line = world.machine.workers[0], world.sides[by].line
    for point in where:
        if point == SENT:
            line.to_cut, line.then = 1, worker.kill
        else:
            world.machine.arm(point)
        world.refer(by, copies=1 if by is By.CYBERTIPLINE or point in ONCE else 2)
        if not world.wait(lambda: not worker.is_running) and point == SENT:
            world.machine.missed.append(point)
        world.machine.disarm(point)
        world.let_time_pass()
        world.machine.revive()
        world.machine.supervise(world.machine.patience, until=world.is_settled)
        if not world.is_settled():
            return


def _loses(world: World, by: By) -> None:
    """One answer, and then none."""
    line = world.sides[by].line
    line.to_cut = 1
    world.refer(by, copies=1 if by is By.CYBERTIPLINE else 2)
    if not world.wait(lambda: not line.to_cut and world.has_no_more_on_its_way()):
        world.machine.missed.append(f"{by} {line.mark.decode()}")
    world.settle()
