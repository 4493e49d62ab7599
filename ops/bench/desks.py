"""Desks to compare with: the same pages and the same form, with another letterbox behind them.

`python -m ops.bench.desks unstored|one-by-one` serves the public site over one of them.
"""

import sys
from uuid import UUID

import asyncpg
from starlette.applications import Starlette

from core import log
from core.directory import Directory
from core.errors import CannotStore
from core.keys import IntakeKeys
from core.receipts import receipt_for
from core.settings import Settings
from core.web.serving import serve_app
from intake import site
from intake.desk import Desk
from intake.gate import Gate
from intake.letterbox import LOST, Letterbox
from intake.mailbox import Mailbox
from intake.partners.known import Partners
from intake.slots import Post, slot_of
from intake.submission import CALM, SealedReport, Standing, Submission
from intake.tokens import FormToken

CONNECTIONS = 16
NOTHING = SealedReport(UUID(int=0), "", "", None, "", b"", b"", b"", b"", b"", b"", b"")


class Unstored(Desk):
    """Parses, checks and answers; seals nothing and stores nothing. The limit of this machine."""

    def seal(
        self, token: FormToken, submission: Submission, receipt: str = "", standing: Standing = CALM
    ) -> tuple[SealedReport, str]:
        return NOTHING, receipt_for(self.keys.receipt, token.nonce)

    async def store(self, report: SealedReport) -> None:
        pass


class OneByOne(Letterbox):
    """One transaction for each report, over a pool of connections."""

    _pool: asyncpg.Pool | None = None

    async def post(self, post: Post) -> str:
        if self._pool is None:
            self._pool = asyncpg.create_pool(self._url, min_size=CONNECTIONS, max_size=CONNECTIONS)
        try:
            pool = await self._pool
            slot = slot_of(type(post))
            await pool.execute(slot.statement, *([getattr(post, name)] for name in slot.columns))
        except LOST:
            raise CannotStore from None
        return ""


def create_app(settings: Settings, kind: str) -> Starlette:
    assert settings.intake_database_url
    letterbox = {"unstored": Letterbox, "one-by-one": OneByOne}[kind](settings.intake_database_url, lambda: None)
    desk = {"unstored": Unstored, "one-by-one": Desk}[kind]
    mailbox = Mailbox(settings.intake_database_url, settings.receipt_days)
    keys = IntakeKeys.read(settings.keys_dir)
    gate = Gate.of(settings, keys.form)
    partners = Partners(settings.intake_database_url, keys.partner)
    return site.create_app(desk(settings, keys, Directory.read(), letterbox, mailbox, gate, partners))


if __name__ == "__main__":
    log.configure()
    read = Settings.from_environ()
    serve_app(create_app(read, sys.argv[1]), read.bind, read.intake_port)
