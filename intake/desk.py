"""The desk: everything a page of the public face may use."""

import asyncio
import time
from dataclasses import dataclass, field

from core.directory import Directory
from core.keys import IntakeKeys
from core.receipts import receipt_hash
from core.sealing import DataKey, Row, Wrapping
from core.settings import Settings
from intake import tokens
from intake.gate import Gate
from intake.letterbox import Letterbox
from intake.mailbox import Letters, Mailbox
from intake.partners.known import Partners
from intake.partners.retries import Retry
from intake.submission import (
    CALM,
    OpeningReport,
    PartnerReport,
    SealedReport,
    Standing,
    Submission,
    Taken,
    seal,
    seal_draft,
    seal_for_partner,
    seal_opening,
    withdrawal,
)
from intake.tokens import FormToken

WRAPPING_SECONDS = 0.02


@dataclass(frozen=True)
class Desk:
    """Serves form tokens, seals reports and stores them."""

    settings: Settings
    keys: IntakeKeys = field(repr=False)
    directory: Directory
    letterbox: Letterbox
    mailbox: Mailbox
    gate: Gate
    partners: Partners
    _wrappings: list[Wrapping] = field(default_factory=list, repr=False)

    def new_token(self) -> str:
        return tokens.issue(self.keys.form, _now_ms())

    def read_token(self, token: str) -> FormToken:
        """Raises ForgedToken, ExpiredToken."""
        return tokens.read(self.keys.form, token, _now_ms(), self.settings.form_hours * 3_600_000)

    def seal(
        self, token: FormToken, submission: Submission, receipt: str = "", standing: Standing = CALM
    ) -> tuple[SealedReport, str]:
        """The report to store, and its receipt: for nobody's eyes before it is stored."""
        return seal(self.keys, self._wrapping(), token, submission, receipt, standing)

    def seal_for_partner(self, retry: Retry, submission: Submission) -> tuple[PartnerReport, str]:
        """The same for a partner's report."""
        return seal_for_partner(self.keys, self._wrapping(), retry, submission)

    def seal_opening(self, number: int, submission: Submission, batched: bool) -> OpeningReport:
        """The same for a report that its partner will add to."""
        return seal_opening(self.keys, self._wrapping(), number, submission, batched)

    def seal_part(self, row: Row, column: str, text: str) -> tuple[bytes, bytes]:
        """A key of its own, wrapped, and the text sealed with it."""
        with DataKey() as key:
            return self._wrapping().wrap(row, key), key.seal(row, column, text)

    async def take(self, report: PartnerReport) -> Taken:
        """What became of it, after the commit and never before. Raises CannotStore."""
        return Taken(await self.letterbox.post(report))

    async def open_mailbox(self, receipt: str) -> Letters | None:
        """What lies there for the bearer of this receipt; None when it opens nothing. Raises MailboxDown."""
        return await self.mailbox.open(receipt_hash(self.keys.receipt, receipt), receipt)

    async def store(self, report: SealedReport) -> None:
        """Return after the commit and never before. Raises CannotStore."""
        await self.letterbox.post(report)

    async def save(self, token: FormToken, submission: Submission, step: int, crowded: bool = False) -> None:
        """Keep what is known so far, for the day its person does not come to the end. Raises CannotStore."""
        await self.letterbox.post(seal_draft(self.keys, self._wrapping(), token, submission, step, crowded))

    async def withdraw(self, token: FormToken) -> None:
        """Let everything go that was saved under this token. Raises CannotStore."""
        await self.letterbox.post(withdrawal(self.keys, token))

    def _wrapping(self) -> Wrapping:
        """The wrapping of this moment. It is forgotten soon, whether or not another report comes."""
        current = self._wrappings[-1] if self._wrappings else None
        if current is None:
            current = Wrapping(self.keys.report)
            self._wrappings.append(current)
            asyncio.get_running_loop().call_later(WRAPPING_SECONDS, self._forget_wrapping)
        return current

    def _forget_wrapping(self) -> None:
        self._wrappings.pop().forget()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
