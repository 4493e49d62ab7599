"""Ringing without waiting: however many commits, at most one ring is under way."""

import asyncio
from collections.abc import Callable


class Ringer:
    """Calls `ring` in a thread after `press`; presses while it rings are one more ring."""

    def __init__(self, ring: Callable[[], object]) -> None:
        self._ring = ring
        self._pressed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def press(self) -> None:
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
            self._pressed.clear()
            await asyncio.to_thread(self._ring)
