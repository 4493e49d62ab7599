"""The press: posters drawn one at a time by a process that lives as long as that takes; the latest are kept.

Drawing costs half a second of Python and 70 MB. So it slows no report down, and nothing stays in memory.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict

import msgspec

from core.errors import HotlineError
from intake.poster.words import Poster

MOST_KEPT = 128
PATIENCE = 20.0


class PressJammed(HotlineError):
    """The poster was not drawn."""


class Press:
    """Makes posters, or has them already."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[Poster, bytes] = OrderedDict()

    async def print(self, poster: Poster) -> bytes:
        """The poster as a PDF. Raises PressJammed."""
        async with self._turn:
            if poster not in self._kept:
                self._kept[poster] = await _draw(poster)
            self._kept.move_to_end(poster)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return self._kept[poster]


async def _draw(poster: Poster) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "intake.poster", stdin=PIPE, stdout=PIPE, env=_environment()
    )
    try:
        pdf, _ = await asyncio.wait_for(process.communicate(msgspec.json.encode(poster)), PATIENCE)
    except TimeoutError:
        raise PressJammed("A poster took too long.") from None
    finally:
        await _end(process)
    if process.returncode or not pdf:
        raise PressJammed("A poster could not be drawn.")
    return pdf


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _environment() -> dict[str, str]:
    """Ours without any setting: who draws learns the words and nothing else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
