"""Ringing without waiting: however many commits, at most one ring is under way."""

import asyncio
from collections.abc import Callable

import structlog

PAUSE = 0.02  # seconds: a worker that was just rung for drains what comes now as well
PAUSE_BUSY = 0.25  # while reports pour in the worker does not stop draining
PAUSE_UNHEARD = 1.0
log = structlog.get_logger()


class Ringer:
    """Calls `ring` in a thread after `press`; presses while it rings are one more ring."""

    def __init__(self, ring: Callable[[], bool]) -> None:
        self._ring = ring
        self._presses = 0
        self._pressed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def press(self) -> None:
        self._presses += 1
        self._pressed.set()

    async def open(self) -> None:
        self._task = asyncio.create_task(self._ring_forever())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _ring_forever(self) -> None:
        while True:
            await self._pressed.wait()
            busy = self._presses > 1
            self._presses = 0
            self._pressed.clear()
            heard = await self._ring_once()
            await asyncio.sleep((PAUSE_BUSY if busy else PAUSE) if heard else PAUSE_UNHEARD)

    async def _ring_once(self) -> bool:
        try:
            return await asyncio.to_thread(self._ring)
        except Exception as error:  # the edge of a ring: the only ringer must live; the sweep covers for this one
            log.warning("ringer.failed", error=type(error).__name__)
            return False
