"""The directory as it is edited: looked up by a function that tells what anybody may know, and kept when it fails."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence

import asyncpg
import structlog

from core.directory import Directory, Entry
from intake.letterbox import LOST

SECONDS = 15.0  # after which an edit is seen, at the latest
PATIENCE = 2.0
LOOK = "SELECT directory()"
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
log = structlog.get_logger()


class Lookout:
    """Keeps a directory as the database has it. Until that has answered once the directory is what it was made of."""

    def __init__(self, database_url: str, directory: Directory) -> None:
        self._url = database_url
        self._directory = directory
        self._seen = ""
        self._failing = False
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Look once, then again and again. A database that does not answer is not waited for."""
        await self.look()
        self._task = asyncio.create_task(self._look_forever())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """What is there now, or else what was there before."""
        try:
            told = await self._ask()
        except LOST as error:
            if not self._failing:
                log.warning("directory.failed", error=type(error).__name__)
            self._failing = True
            return
        self._failing = False
        if told != self._seen:
            self._directory.replace(_entries(json.loads(told)))
            self._seen = told

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(SECONDS)
            await self.look()

    async def _ask(self) -> str:
        connection = await asyncpg.connect(self._url, timeout=PATIENCE)
        try:
            told: str = await connection.fetchval(LOOK, timeout=PATIENCE)
        finally:
            connection.terminate()
        return told


def _entries(rows: Sequence[Mapping[str, object]]) -> Iterator[Entry]:
    """What cannot be read is one entry less, and not a directory less."""
    for row in rows:
        try:
            yield Entry.from_row(row)
        except UNREADABLE as error:
            log.warning("directory.entry_unreadable", error=type(error).__name__)
