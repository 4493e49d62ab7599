"""Posting a whole simulation: as fast as it is taken, or so many a second as they would arrive."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from ops.simulate.doors import Doors, Taken
from ops.simulate.invented import Invented
from ops.simulate.line import GONE, Line

LINES = 32
BROKEN = Taken(0)


@dataclass
class Posting:
    """What came back for each report, in their order, and when each was due (by `time.perf_counter`)."""

    due: list[float]
    taken: list[Taken]
    began: float
    ended: float = 0.0
    heard: Callable[[int, Taken, float], None] = field(default=lambda place, taken, due: None, repr=False)

    @property
    def accepted(self) -> int:
        return sum(one.is_taken for one in self.taken)

    @property
    def per_second(self) -> float:
        return self.accepted / (self.ended - self.began)


async def post(
    doors: Doors,
    port: int,
    made: Sequence[Invented],
    rate: float | None = None,
    heard: Callable[[int, Taken, float], None] = lambda place, taken, due: None,
) -> Posting:
    """Every report once, in order. `heard` is told of each that was taken, and when it was due."""
    began = time.perf_counter()
    posting = Posting(_arrivals(len(made), rate, began), [BROKEN] * len(made), began, heard=heard)
    places = iter(range(len(made)))

    async def one_line() -> None:
        line = Line(port)
        for place in places:
            await asyncio.sleep(max(0.0, posting.due[place] - time.perf_counter()))
            await _bring(doors, line, made[place], place, posting)
        line.close()

    await asyncio.gather(*(one_line() for _ in range(LINES)))
    posting.ended = time.perf_counter()
    return posting


async def _bring(doors: Doors, line: Line, one: Invented, place: int, posting: Posting) -> None:
    try:
        taken = posting.taken[place] = await doors.bring(line, one.told, place)
    except GONE:
        line.close()
        return
    if taken.is_taken:
        posting.heard(place, taken, posting.due[place])


def _arrivals(count: int, rate: float | None, began: float) -> list[float]:
    """At once, or by chance as people come: some close together, some not."""
    if rate is None:
        return [began] * count
    chance, at, due = Random(count), began, []
    for _ in range(count):
        at += chance.expovariate(rate)
        due.append(at)
    return due
