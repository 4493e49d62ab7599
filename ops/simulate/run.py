"""One run: post, let triage work, look up what became of it, judge."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import uvloop

from core.errors import HotlineError
from ops.bench.figure import Figure
from ops.bench.processes import cpu_seconds, family
from ops.simulate import figures
from ops.simulate.became import Found, look_up
from ops.simulate.invented import Door, Invented, Sort, Told, Truth
from ops.simulate.place import Place
from ops.simulate.post import Posting, post
from ops.simulate.score import Score
from ops.simulate.watch import Watch

PATIENCE = 600.0
LOOKING = 0.25  # seconds; looking costs the workers time
ANY_WAITING = "SELECT EXISTS (SELECT FROM reports WHERE state = 'received')"
FILED = """
    SELECT count(*), extract(epoch FROM max(filed_at) - min(filed_at)) FROM reports WHERE filed_at >= %s
"""
NOW = "SELECT clock_timestamp()"
FIRST = Invented(Told(Door.FORM, "en", "Is anybody there?", form=-1), Truth(thing=-1, sort=Sort.ALONE))


class NotTriaged(HotlineError):
    """Reports still wait after ten minutes; the workers' output is above."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found."""

    figures: Sequence[Figure]
    made: Sequence[Invented]
    found: Found


def run(place: Place, made: Sequence[Invented], rate: float | None = None) -> Run:
    """Raises NotTriaged."""
    with psycopg.connect(place.url, autocommit=True) as line:
        posting, timed = _arriving(place, line, made, rate) if rate else _drained(place, line, made)
    found = look_up(place.url, posting.taken, place.hashed)
    taken = [(one, what) for one, what, back in zip(made, found.became, posting.taken, strict=True) if back.is_taken]
    score = Score.of([one for one, _ in taken], [what for _, what in taken], place.answered, place.knows_hosting)
    told = [*figures.of_taking(len(made), posting.accepted, found.more, score), *figures.of_triage(score), *timed]
    return Run(told, made, found)


def _arriving(
    place: Place, line: psycopg.Connection, made: Sequence[Invented], rate: float
) -> tuple[Posting, Iterator[Figure]]:
    """Reports come while the workers work; they have begun when the first report is in a case."""
    watch = Watch(place.hashed)
    with place.working():
        uvloop.run(post(place.doors, place.port, [FIRST]))
        _wait_until_triaged(line)
        with watch.running(place.url):
            posting = uvloop.run(post(place.doors, place.port, made, rate, watch.hear))
        _wait_until_triaged(line)
    timed = figures.of_waiting(rate, posting.per_second, watch.percentile(0.5), watch.percentile(0.99))
    return posting, timed


def _drained(place: Place, line: psycopg.Connection, made: Sequence[Invented]) -> tuple[Posting, Iterator[Figure]]:
    """Everything is there before the workers begin; where others work already, they work all the time."""
    began = _row(line, NOW)[0]
    posting = uvloop.run(post(place.doors, place.port, made))
    with place.working():
        spent = cpu_seconds(family())
        _wait_until_triaged(line)
        spent = cpu_seconds(family()) - spent
    count, seconds = _row(line, FILED, began)
    drained = count / float(seconds) if seconds else 0.0
    cost = spent / max(count, 1) if place.workers else None
    return posting, figures.of_draining(posting.per_second, drained, place.workers, cost)


def _wait_until_triaged(line: psycopg.Connection) -> None:
    last = time.monotonic() + PATIENCE
    while _row(line, ANY_WAITING)[0]:
        if time.monotonic() > last:
            raise NotTriaged
        time.sleep(LOOKING)


def _row(line: psycopg.Connection, query: str, *given: object) -> tuple[Any, ...]:
    row = line.execute(query, given).fetchone()
    assert row
    return tuple(row)
