"""Rounds: what is due is found within seconds, whatever was lost on the way to a courier."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from core.errors import HotlineError
from triage.referrals import outbox
from triage.referrals.outbox import Lane

log = structlog.get_logger()


@dataclass
class Seldom:
    """Something that need not be done on every round."""

    act: Callable[[], object]
    seconds: float
    next: float = 0.0

    def __call__(self) -> None:
        if time.monotonic() >= self.next:
            self.next = time.monotonic() + self.seconds
            self.act()


@dataclass(frozen=True)
class Post:
    """One lane: its bell, and its couriers for when no bell is heard."""

    lane: Lane
    ring: Callable[[], bool]
    courier: Callable[[], None]


@dataclass(frozen=True)
class Rounds:
    """Every few seconds: `watch` (alarms, digests), set aside what is spent and, if anything is due, ring.

    With no bell a courier starts here, on a thread of its own: one that waits for an answer keeps no alarm.
    """

    engine: Engine
    watch: Sequence[Callable[[], object]]
    posts: Sequence[Post]
    seconds: float

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping`; trouble ends one thing of a round, never the rounds."""
        while not stopping.wait(self.seconds):
            self.once()

    def once(self) -> None:
        for act in (*self.watch, self.deliver):
            _try(act)

    def deliver(self) -> None:
        outbox.set_aside_spent(self.engine)
        for post in self.posts:
            if outbox.anything_due(self.engine, post.lane) and not post.ring():
                threading.Thread(target=_try, args=(post.courier,), daemon=True).start()


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except HotlineError as trouble:
        log.warning("rounds.failed", error=type(trouble).__name__)
