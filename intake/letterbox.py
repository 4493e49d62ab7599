"""The letterbox: what has arrived is committed together, and only then acknowledged.

One coroutine takes all that waits, writes it in one statement for each table, and answers each sender after
the commit. While one commit runs the next batch gathers; a single report never waits.

The role may insert, or call a narrow function, and nothing else (`intake/slots.py`). Idempotency is the primary key
itself: a row that is already there is passed over. A function may say more; `post` returns what it said of this row.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

import asyncpg
import structlog

from core.errors import CannotStore
from intake.slots import STATEMENT_PATIENCE, Post, slot_of

BATCH = 200
PATIENCE = 4.0  # seconds a sender waits for a commit before the page says to try again

LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")

Posted = tuple[Post, asyncio.Future[str]]
log = structlog.get_logger()


class Letterbox:
    """Takes sealed reports; `post` returns once they are durable."""

    def __init__(self, database_url: str, stored: Callable[[], None], writers: int = 1) -> None:
        self._url = database_url
        self._stored = stored
        self._waiting: deque[Posted] = deque()
        self._arrived = asyncio.Event()
        self._writers = writers
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Start writing. A database that is not there yet is waited for."""
        self._tasks = [asyncio.create_task(self._write_forever()) for _ in range(self._writers)]

    async def close(self) -> None:
        """Stop writing; whoever still waits is told that nothing was stored."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        _refuse(self._waiting)

    async def post(self, post: Post) -> str:
        """What became of this post, after the commit that holds it. Raises CannotStore: maybe stored, try again."""
        loop = asyncio.get_running_loop()
        committed: asyncio.Future[str] = loop.create_future()
        posted = (post, committed)
        self._waiting.append(posted)
        self._arrived.set()
        patience = loop.call_later(PATIENCE, _refuse, [posted])
        try:
            return await committed
        finally:
            patience.cancel()

    async def is_durable(self) -> bool:
        """Whether the database answers, and would keep through a crash what it commits."""
        try:
            connection = await asyncpg.connect(self._url, timeout=STATEMENT_PATIENCE)
            try:
                shown = [await connection.fetchval(f"SHOW {name}", timeout=STATEMENT_PATIENCE) for name in DURABLE]
            finally:
                connection.terminate()
        except LOST:
            return False
        return "off" not in shown

    async def _write_forever(self) -> None:
        connection: asyncpg.Connection | None = None
        try:
            while True:
                await self._arrived.wait()
                if batch := self._take():
                    connection = await self._write(connection, batch)
        finally:
            _hang_up(connection)

    def _take(self) -> list[Posted]:
        """The next batch, without those whose senders have given up."""
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        if not self._waiting:
            self._arrived.clear()
        return [posted for posted in batch if not posted[1].done()]

    async def _write(self, connection: asyncpg.Connection | None, batch: Sequence[Posted]) -> asyncpg.Connection | None:
        """Commit a batch and acknowledge it; a lost connection gets one fresh one."""
        for fresh in (False, True):
            try:
                if connection is None or fresh or connection.is_closed():
                    connection = await asyncpg.connect(self._url, timeout=STATEMENT_PATIENCE)
                outcomes = await self._insert(connection, [post for post, _ in batch])
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
                log.error("letterbox.row_refused", error=type(error).__name__)
                return await self._write_one_by_one(connection, batch)
            except Exception as error:  # the edge of a batch: whatever went wrong, the only writer must live
                log.warning("letterbox.failed", error=type(error).__name__)
                _hang_up(connection)
                connection = None
            else:
                _acknowledge(batch, outcomes)
                self._stored()
                return connection
        _refuse(batch)
        return None

    async def _write_one_by_one(
        self, connection: asyncpg.Connection | None, batch: Sequence[Posted]
    ) -> asyncpg.Connection | None:
        """One row the database refuses must not take its neighbours with it."""
        if len(batch) == 1:
            _refuse(batch)
            return connection
        for posted in batch:
            connection = await self._write(connection, [posted])
        return connection

    async def _insert(self, connection: asyncpg.Connection, posts: Sequence[Post]) -> Sequence[str]:
        """One transaction: durable when this returns. A single statement is one by itself."""
        kinds = {type(post) for post in posts}
        if len(kinds) == 1:
            return await slot_of(kinds.pop()).put(connection, posts)
        outcomes = [""] * len(posts)
        async with connection.transaction():
            for kind in sorted(kinds, key=lambda kind: slot_of(kind).name):  # one order: nobody waits in a circle
                places = [place for place, post in enumerate(posts) if type(post) is kind]
                said = await slot_of(kind).put(connection, [posts[place] for place in places])
                for place, outcome in zip(places, said, strict=True):
                    outcomes[place] = outcome
        return outcomes


def _acknowledge(batch: Sequence[Posted], outcomes: Sequence[str]) -> None:
    for (_, committed), outcome in zip(batch, outcomes, strict=True):
        if not committed.done():
            committed.set_result(outcome)


def _refuse(batch: Sequence[Posted] | deque[Posted]) -> None:
    for _, committed in batch:
        if not committed.done():
            committed.set_exception(CannotStore())


def _hang_up(connection: asyncpg.Connection | None) -> None:
    if connection is not None:
        with suppress(OSError, asyncpg.InterfaceError):
            connection.terminate()
