"""An event loop in a thread of its own: the kernel ties child processes to the main thread, so all else is here."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Self, TypeVar

T = TypeVar("T")


class Background:
    """Runs coroutines for the main thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.wait_for(_end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def start(self, work: Coroutine[object, object, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def wait_for(self, work: Coroutine[object, object, T], seconds: float = 60.0) -> T:
        return self.start(work).result(seconds)


async def _end_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
