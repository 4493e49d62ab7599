"""Rounds: what is due is found within seconds, whatever was lost on the way to a courier."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Engine

from core.errors import HotlineError
from triage.referrals import outbox

log = structlog.get_logger()
COURIERS = 4


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
class Rounds:
    """Every few seconds: `watch` (alarms, digests), set aside what is spent and, if anything is due, ring.

    With no bell, couriers start here, each on a thread of its own: one that waits for an answer keeps no alarm.
    """

    engine: Engine
    watch: Sequence[Callable[[], object]]
    ring: Callable[[], bool]
    courier: Callable[[], None]
    seconds: float
    _own: list[threading.Thread] = field(default_factory=list)

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping`; trouble ends one thing of a round, never the rounds."""
        while not stopping.wait(self.seconds):
            for act in (*self.watch, self.deliver):
                try:
                    act()
                except HotlineError as trouble:
                    log.warning("rounds.failed", error=type(trouble).__name__)

    def deliver(self) -> None:
        outbox.set_aside_spent(self.engine)
        if outbox.anything_due(self.engine) and not self.ring():
            self._start_one()

    def _start_one(self) -> None:
        self._own[:] = [thread for thread in self._own if thread.is_alive()]
        if len(self._own) < COURIERS:
            thread = threading.Thread(target=self._courier, daemon=True)
            self._own.append(thread)
            thread.start()

    def _courier(self) -> None:
        try:
            self.courier()
        except HotlineError as trouble:
            log.warning("rounds.failed", error=type(trouble).__name__)
