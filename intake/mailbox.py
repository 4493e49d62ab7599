"""The mailbox: answers that lie there for the bearer of a receipt, and that nobody else opens.

Looking takes the same time whether there is something or not, and few look at once: a code is too long to be
guessed, and guessing is slow.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import structlog

from core.errors import CannotOpen, HotlineError
from core.receipts import open_answer
from intake.letterbox import LOST

PATIENCE = 2.0  # seconds for the database
SLOWNESS = 1.0  # seconds that every look takes
AT_ONCE = 16
WAITING = 256  # more than that are asked to come back
LOOK = "SELECT state, written_at, for_reporter FROM mailbox($1, $2)"
log = structlog.get_logger()


class MailboxDown(HotlineError):
    """Nobody can look just now; nothing was lost."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What staff wrote, and when."""

    written_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Letters:
    """How far the work is on what was sent under this receipt, and what was written, oldest first.

    `received`, `open` or `closed`: of these reports alone, so that nothing is seen of others' in the same case. What a
    partner's server sent stays `received`: its credentials are there to send, and its receipt opens letters only.
    """

    state: str
    letters: Sequence[Letter]


@dataclass(frozen=True)
class Mailbox:
    """Opens mailboxes younger than `days`."""

    database_url: str
    days: int
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _looking: list[None] = field(default_factory=list)

    async def open(self, receipt_hash: bytes, receipt: str) -> Letters | None:
        """None when nothing is known of this receipt. Raises MailboxDown."""
        if len(self._looking) >= WAITING:
            raise MailboxDown
        self._looking.append(None)
        try:
            async with self._turns:
                rows, _ = await asyncio.gather(self._look(receipt_hash), asyncio.sleep(SLOWNESS))
        finally:
            self._looking.pop()
        if not rows:
            return None
        states = {row["state"] for row in rows}
        state = states.pop() if len(states) == 1 else "open"
        return Letters(state, [letter for row in rows if (letter := _opened(row, receipt))])

    async def _look(self, receipt_hash: bytes) -> Sequence[asyncpg.Record]:
        try:
            connection = await asyncpg.connect(self.database_url, timeout=PATIENCE)
            try:
                rows: list[asyncpg.Record] = await connection.fetch(LOOK, receipt_hash, self.days, timeout=PATIENCE)
            finally:
                connection.terminate()
        except LOST as error:
            log.warning("mailbox.failed", error=type(error).__name__)
            raise MailboxDown from None
        return rows


def _opened(row: asyncpg.Record, receipt: str) -> Letter | None:
    if row["for_reporter"] is None:
        return None
    try:
        return Letter(row["written_at"], open_answer(receipt, row["for_reporter"]))
    except CannotOpen:
        log.error("mailbox.answer_does_not_open")
        return None
