"""The sweep: whatever was lost on the way to a worker, what waits is found again within seconds."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from core.errors import HotlineError
from triage import waiting

log = structlog.get_logger()


@dataclass(frozen=True)
class Sweep:
    """Every few seconds: set aside what is spent and, if anything waits, ring; with no bell, drain here.

    Last of all `tidy`: what it lets in is rung for the next time, and its trouble keeps nothing else waiting.
    """

    engine: Engine
    ring: Callable[[], bool]
    drain: Callable[[], None]
    seconds: float
    tidy: Callable[[], None]

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping`; trouble ends a round, never the sweep."""
        while not stopping.wait(self.seconds):
            try:
                self.once()
            except HotlineError as trouble:
                log.warning("sweep.failed", error=type(trouble).__name__)

    def once(self) -> None:
        waiting.quarantine_spent(self.engine)
        if waiting.anything_waits(self.engine) and not self.ring():
            self.drain()
        self.tidy()
