"""Draining the letterbox: batch by batch until nothing waits."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import Engine

from core.db import transaction
from core.errors import DatabaseDown
from core.keys import TriageKeys
from triage import waiting
from triage.bundling.cases import CaseMoved
from triage.parts import Parts
from triage.pipeline import triage
from triage.reading.hosting import Hosting
from triage.routing.routes import read_routes
from triage.understanding import understand
from triage.waiting import Taken

log = structlog.get_logger()


@dataclass(frozen=True)
class Drain:
    """Carries whatever waits down the line."""

    engine: Engine
    keys: TriageKeys = field(repr=False)
    batch: int
    lease: timedelta
    hosting: Hosting = field(default_factory=lambda: Hosting(None, 0))
    stopping: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        """Fresh reports in batches, then those tried before, one at a time. Raises DatabaseTrouble."""
        while not self.stopping.is_set() and (fresh := waiting.take_fresh(self.engine, self.batch, self.lease)):
            self.work(fresh)
        while not self.stopping.is_set() and (tried := waiting.take_tried(self.engine, self.lease)):
            self.work(tried)

    def work(self, taken: Sequence[Taken], again: bool = True) -> None:
        """Read, then one transaction for all of them. If it fails, one for each; only the bad one is given back.

        If staff moved a case that one of them belonged to, at once `again`: where it is now is known now.
        """
        try:
            parts = Parts.of(self.engine, self.keys.reports, taken)
            understood = understand(self.keys.reports, self.hosting, parts, taken)
            with transaction(self.engine) as session:
                triage(session, self.keys, read_routes(session), understood)
        except DatabaseDown:
            raise  # nothing is wrong with these reports; their lease runs out and they are taken again
        except Exception as error:  # the edge of one report: whatever is wrong with it stays with it
            if again and isinstance(error, CaseMoved):
                self.work(taken, again=False)
                return
            if len(taken) > 1:
                for report in taken:
                    self.work([report])
                return
            log.error("triage.failed", error=type(error).__name__, report=str(taken[0].id), attempts=taken[0].attempts)
            waiting.give_back(self.engine, taken[0], type(error).__name__)
