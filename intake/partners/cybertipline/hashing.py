"""Hashing a file while it streams, in a thread of its own; the file itself is never put together anywhere.

hashlib lets go of the interpreter while it works, so others are served meanwhile. One block is hashed while the next
gathers, and no more than that is in memory.
"""

import asyncio
import hashlib
from asyncio import Future
from dataclasses import dataclass, field

from intake.partners.cybertipline import perceptual

BLOCK = 256 * 1024
ALGORITHMS = ("md5", "sha1", "sha256")


@dataclass
class Hashes:
    """The hashes of what it is given, all over the same block, and how much that was."""

    size: int = 0
    _running: tuple["hashlib._Hash", ...] = field(
        default_factory=lambda: tuple(hashlib.new(name, usedforsecurity=False) for name in ALGORITHMS)
    )

    def add(self, block: bytearray) -> None:
        self.size += len(block)
        for each in self._running:
            each.update(block)

    def hexadecimal(self) -> dict[str, str]:
        return {name: each.hexdigest() for name, each in zip(ALGORITHMS, self._running, strict=True)}


class Stream:
    """Takes a file piece by piece. `flow` must be awaited between pieces; `end` gives size and hashes."""

    def __init__(self) -> None:
        self._hashes = Hashes()
        self._gathered = bytearray()
        self._image: perceptual.Image | None = perceptual.Image()
        self._at_work: Future[None] | None = None

    def take(self, piece: memoryview) -> None:
        self._gathered += piece
        if self._image and not self._image.take(piece):
            self._image = None

    async def flow(self) -> None:
        """Hand a full block over; wait only while the one before is not done."""
        if len(self._gathered) >= BLOCK:
            await self._hand_over()

    async def end(self) -> tuple[int, dict[str, str]]:
        """How long it was, and its hashes in hexadecimal by algorithm; `pdq` only of a small enough image."""
        await self._hand_over()
        await self._rest()
        hashes = self._hashes.hexadecimal()
        if self._image and (found := await asyncio.to_thread(self._image.pdq)):
            hashes["pdq"] = found
        return self._hashes.size, hashes

    async def _hand_over(self) -> None:
        await self._rest()
        block, self._gathered = self._gathered, bytearray()
        self._at_work = asyncio.get_running_loop().run_in_executor(None, self._hashes.add, block)

    async def _rest(self) -> None:
        if self._at_work:
            await self._at_work
            self._at_work = None
