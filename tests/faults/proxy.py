"""A line that can go wrong: TCP carried from a client to a server, until told otherwise."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

CHUNK = 65_536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger: the other side sees a reset

Line = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class Proxy:
    """Carries bytes to a port of 127.0.0.1. Use it from the thread of its event loop.

    `mark` is found in the answers that tell of a commit. While `to_cut` is not 0 such an answer is
    dropped and both sides are reset: what was asked is done and whoever asked never learns it;
    `then` comes before that. What is asked takes `delay` seconds longer, and the end of a line arrives `linger`
    seconds late. So many that want a line are refused one, `to_refuse`.
    """

    def __init__(self, name: str, target: int, mark: bytes) -> None:
        self.name = name
        self.target = target
        self.mark = mark
        self.delay = 0.0
        self.linger = 0.0
        self.to_refuse = 0
        self.to_cut = 0
        self.then: Callable[[], object] = _nothing
        self.cut = 0
        self._lines: set[Line] = set()
        self._silent: set[Line] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen; the port."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for carrying in self._carrying:
            carrying.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)
        await asyncio.sleep(0)  # a transport lets go of its socket in the loop's next round

    def restore(self) -> None:
        """Carry everything from now on, at once."""
        self.to_refuse, self.to_cut, self.delay, self.linger, self.then = 0, 0, 0.0, 0.0, _nothing

    async def reset(self) -> None:
        """Every line that is open now ends in a reset."""
        for line in list(self._lines):
            _reset(line)

    async def silence(self) -> None:
        """Every line that is open now carries nothing any more and does not end, as when a host loses its power."""
        self._silent |= self._lines

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carrying = asyncio.create_task(self._carry(reader, writer))
        self._carrying.add(carrying)
        carrying.add_done_callback(self._carrying.discard)
        carrying.add_done_callback(lambda _: writer.close())  # it may have been cancelled before it began

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answers, server = await self._connect()
        except OSError:
            _reset((writer, writer))
            return
        line = (writer, server)
        self._lines.add(line)
        ways = [asyncio.create_task(self._ask(reader, line)), asyncio.create_task(self._answer(answers, line))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(self.linger)
        finally:
            self._lines.discard(line)
            for end in line:  # at once: whoever closes all lines may come while this one ends by itself
                _end(end, politely=self._server is not None and self._server.is_serving())
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.to_refuse:
            self.to_refuse -= 1
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", self.target)

    async def _ask(self, reader: asyncio.StreamReader, line: Line) -> None:
        while asked := await reader.read(CHUNK):
            await asyncio.sleep(self.delay)
            if line not in self._silent:
                line[1].write(asked)
                await line[1].drain()

    async def _answer(self, reader: asyncio.StreamReader, line: Line) -> None:
        while answer := await reader.read(CHUNK):
            if self.to_cut and self.mark in answer:
                self.then()
                self.to_cut -= 1
                self.cut += 1
                _reset(line)
                return
            if line not in self._silent:
                line[0].write(answer)
                await line[0].drain()


def _end(writer: asyncio.StreamWriter, politely: bool) -> None:
    """Politely: what was written still goes out."""
    if politely:
        writer.close()
    else:
        writer.transport.abort()


def _nothing() -> None:
    """What is cut is cut, and that is all."""


def _reset(line: Line) -> None:
    for writer in line:
        with suppress(OSError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        writer.transport.abort()
