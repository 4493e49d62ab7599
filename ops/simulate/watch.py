"""Watching reports become cases: how long each took from when it was due at a door until others could see its case."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue

import psycopg

from ops.simulate.doors import Taken

EVERY = 0.02
PATIENCE = 60.0
BY_RECEIPT = """
    SELECT receipt_hash FROM reports WHERE receipt_hash = ANY(%s) AND case_id IS NOT NULL
"""
BY_NUMBER = """
    SELECT number FROM open_reports JOIN reports ON reports.id = report_id
    WHERE number = ANY(%s) AND case_id IS NOT NULL
"""


@dataclass
class Watch:
    """Looks again and again for whatever is not in a case yet. What it did not see in time counts as never."""

    hashed: Callable[[str], bytes]
    waits: list[float] = field(default_factory=list)
    _told: SimpleQueue[tuple[Taken, float]] = field(default_factory=SimpleQueue)
    _due: dict[bytes | int, float] = field(default_factory=dict)
    _known: set[bytes | int] = field(default_factory=set)

    def hear(self, _: int, taken: Taken, due: float) -> None:
        self._told.put((taken, due))

    @contextmanager
    def running(self, url: str) -> Iterator[None]:
        """Until the block ends and everything is in a case, or for PATIENCE after."""
        ended = threading.Event()
        thread = threading.Thread(target=self._run, args=(url, ended))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def percentile(self, share: float) -> float:
        """In milliseconds; what was never seen is the slowest."""
        ordered = sorted(self.waits) + [PATIENCE] * len(self._due)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0

    def _run(self, url: str, ended: threading.Event) -> None:
        last = None
        with psycopg.connect(url, autocommit=True) as line:
            while not ended.is_set() or self._due or not self._told.empty():
                self._look(line)
                if ended.is_set():
                    last = last or time.perf_counter() + PATIENCE
                    if time.perf_counter() > last:
                        return
                time.sleep(EVERY)

    def _look(self, line: psycopg.Connection) -> None:
        while not self._told.empty():
            taken, due = self._told.get()
            name = self.hashed(taken.receipt) if taken.receipt else taken.number
            if name not in self._known:  # what is added under a receipt is not looked at again
                self._known.add(name)
                self._due[name] = due
        for query, kind in ((BY_RECEIPT, bytes), (BY_NUMBER, int)):
            names = [name for name in self._due if isinstance(name, kind)]
            for (name,) in line.execute(query, [names]) if names else ():
                if name in self._due:
                    self.waits.append(time.perf_counter() - self._due.pop(name))
