"""The desk: everything a page of the public face may use."""

import time
from dataclasses import dataclass, field

from core.directory import Directory
from core.keys import IntakeKeys
from core.settings import Settings
from intake import tokens
from intake.letterbox import Letterbox
from intake.submission import Submission, seal
from intake.tokens import FormToken


@dataclass(frozen=True)
class Desk:
    """Serves form tokens and receives reports."""

    settings: Settings
    keys: IntakeKeys = field(repr=False)
    directory: Directory
    letterbox: Letterbox

    def new_token(self) -> str:
        return tokens.issue(self.keys.form, _now_ms())

    def read_token(self, token: str) -> FormToken:
        """Raises ForgedToken, ExpiredToken."""
        return tokens.read(self.keys.form, token, _now_ms(), self.settings.form_hours * 3_600_000)

    async def receive(self, token: FormToken, submission: Submission) -> str:
        """The receipt, after the commit and never before. Raises CannotStore."""
        report, receipt = seal(self.keys, token, submission)
        await self.letterbox.post(report)
        return receipt


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
