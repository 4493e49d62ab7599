"""Patience with a body on its way: under a second for who has sent nothing, more for who has sent much.

Only the time that was spent waiting for the sender counts, not what was done with the pieces meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

FIRST = 0.75  # seconds that are waited for nothing
SLOWEST = 16 * 1024  # bytes that earn a second more; whoever is always slower runs out of patience
LONGEST = 20.0  # seconds between two pieces of an upload, however much came before


async def pieces(request: Request, longest: float = FIRST) -> AsyncIterator[bytes]:
    """Each piece of a body as it comes, none after a wait of more than `longest` seconds.

    Raises TimeoutError when they come too slowly, ClientDisconnect when they end too soon.
    """
    now = asyncio.get_running_loop().time
    stream, left = request.stream(), FIRST
    while True:
        started = now()
        async with asyncio.timeout_at(started + min(left, longest)):
            piece = await anext(stream, None)
        if piece is None:
            return
        left += len(piece) / SLOWEST - (now() - started)
        yield piece
