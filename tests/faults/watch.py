"""An eye on the database: at what time a report was first seen in a case or set aside."""

import threading
import time
from typing import Self
from uuid import UUID

import psycopg

EVERY = 0.25
SEEN = "SELECT id FROM reports WHERE state <> 'received'"
WAITING = "SELECT 1 FROM reports WHERE state = 'received' LIMIT 1"
TAKEN = "SELECT 1 FROM reports WHERE state = 'received' AND attempts > 0 LIMIT 1"


class Watch:
    """Looks four times a second, from a thread of its own, past every line that is cut."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._asking: psycopg.Connection | None = None
        self.seen_at: dict[UUID, float] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._hang_up()

    def is_quiet(self) -> bool:
        """Whether nothing waits for triage."""
        return not self._finds(WAITING, default=True)

    def is_taken(self) -> bool:
        """Whether a worker has something in hand that is not filed."""
        return self._finds(TAKEN, default=False)

    def _finds(self, query: str, default: bool) -> bool:
        """Asked now, not remembered."""
        try:
            self._asking = self._asking or psycopg.connect(self._url, connect_timeout=2, autocommit=True)
            return self._asking.execute(query).fetchone() is not None
        except psycopg.Error:
            self._hang_up()
            return default

    def _hang_up(self) -> None:
        if self._asking:
            self._asking.close()
        self._asking = None

    def _look_on(self) -> None:
        while not self._over.is_set():
            try:
                with psycopg.connect(self._url, connect_timeout=2, autocommit=True) as connection:
                    while not self._over.wait(EVERY):
                        self._look(connection)
            except psycopg.Error:
                self._over.wait(EVERY)

    def _look(self, connection: psycopg.Connection) -> None:
        """The time is taken after the look, so a report is never said to be seen before it was."""
        seen = [report for (report,) in connection.execute(SEEN)]
        now = time.monotonic()
        for report in seen:
            self.seen_at.setdefault(report, now)
