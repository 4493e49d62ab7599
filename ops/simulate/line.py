"""One connection to the public process, kept open, and made again when the other side let go."""

import asyncio
from dataclasses import dataclass, field

GONE = (ConnectionError, asyncio.IncompleteReadError)


@dataclass
class Line:
    """Asks one thing after the other. Speaks to this machine only."""

    port: int
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, repr=False)

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Status and body of the answer. Everything that is asked here may be asked again without harm."""
        named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\n{named}content-length: {len(body)}\r\n\r\n"
        kept = self._open is not None
        try:
            return await self._ask(head.encode() + body)
        except GONE:
            self.close()
            if not kept:
                raise
            return await self._ask(head.encode() + body)

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        if self._open is None:
            self._open = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._open
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
        return int(head[9:12]), await reader.readexactly(int(length))

    def close(self) -> None:
        if self._open:
            self._open[1].close()
        self._open = None
