"""Mutants of the public face."""

import asyncio
from collections.abc import Callable, Sequence

import asyncpg
import msgspec

from core.ids import uuid7
from intake import submission
from intake.letterbox import Letterbox
from intake.slots import Post
from tests.faults.mutants import replace


def acknowledge_before_commit() -> None:
    async def post(self: Letterbox, report: Post) -> str:
        self._waiting.append((report, asyncio.get_running_loop().create_future()))
        self._arrived.set()
        return ""

    replace(Letterbox, "post", post)


def ring_before_commit() -> None:
    prepare, insert = Letterbox.__init__, Letterbox._insert
    rings: dict[Letterbox, Callable[[], None]] = {}

    def prepare_silently(self: Letterbox, url: str, stored: Callable[[], None], writers: int = 1) -> None:
        prepare(self, url, lambda: None, writers)
        rings[self] = stored

    async def ring_and_insert(self: Letterbox, connection: asyncpg.Connection, posts: Sequence[Post]) -> Sequence[str]:
        rings[self]()
        return await insert(self, connection, posts)

    replace(Letterbox, "__init__", prepare_silently)
    replace(Letterbox, "_insert", ring_and_insert)


def new_id_every_time() -> None:
    replace(submission, "_id", lambda *_: uuid7())


def an_id_of_more_than_was_sent() -> None:
    """As if whose app it is were a part of what somebody wrote."""
    replace(submission, "_said", msgspec.msgpack.encode)


class Unexpected(BaseException):
    """Nobody catches it."""


def die_of_the_unexpected() -> None:
    """As if only the errors that the driver documents were survived."""
    insert = Letterbox._insert

    async def insert_or_die(self: Letterbox, connection: asyncpg.Connection, posts: Sequence[Post]) -> Sequence[str]:
        try:
            return await insert(self, connection, posts)
        except asyncpg.InternalClientError:
            raise Unexpected from None

    replace(Letterbox, "_insert", insert_or_die)
