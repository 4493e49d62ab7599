"""The form that travels: every answer so far, in the page and nowhere else, under a signature.

What is not asked on a page travels hidden on it. The signature is over that, its token and its place, so that
nothing is taken for an answer that was not checked when it was given.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import msgspec

from core.receipts import derived
from intake.site.journey.added import PAGE, Added
from intake.site.journey.answers import FIELDS, Answers
from intake.site.journey.path import ASKS, FIRST, LAST, WHOLE

GO = "go"
HELD = ("token", "page", "step", "changing", "context", "signature", "proof")
NAMES = (*FIELDS, *HELD, GO)
_MOST_STEPS = 9_999


@dataclass(frozen=True, slots=True)
class Form:
    """Answers on the way. `page` asks some; `step` counts what was saved; `changing` leads back to the check.

    `partner` is the code of the app it was given to, `context` what that adds, as `Added` writes it.
    """

    answers: Answers = field(default_factory=Answers)
    token: str = ""
    page: str = FIRST
    step: int = 0
    changing: bool = False
    partner: str = ""
    context: str = ""
    signature: str = ""
    proof: str = ""
    asked: Sequence[str] = ()

    @classmethod
    def from_fields(cls, sent: Mapping[str, str], partner: str = "") -> Self:
        """Whatever was sent, as a form; one that names no page has every answer on it at once."""
        page = sent.get("page", "")
        page = page if page in ASKS and (partner or page != PAGE) else ""
        return cls(
            answers=Answers.from_fields(sent),
            token=sent.get("token", ""),
            page=page or LAST,
            step=_number(sent.get("step", "")),
            changing=bool(sent.get("changing")),
            partner=partner,
            context=sent.get("context", "") if partner and page else "",
            signature=sent.get("signature", ""),
            proof=sent.get("proof", ""),
            asked=ASKS.get(page, WHOLE),
        )

    @property
    def carried(self) -> dict[str, str]:
        """The answers that this page does not ask."""
        return {name: value for name, value in self.answers.given.items() if name not in ASKS[self.page]}

    @property
    def added(self) -> Added | None:
        """What an app adds. Only a form that is signed tells the truth about it."""
        return Added.from_text(self.context) if self.context else None

    @property
    def tells(self) -> bool:
        """Whether there is anything to work with: words, or what an app adds."""
        return self.answers.tells or (self.added is not None and not self.added.context.is_empty)

    @property
    def goal(self) -> str:
        """The page it is at, or the one that it is on its way to."""
        return (self.added.after if self.added else "") if self.page == PAGE else self.page

    def with_added(self, added: Added) -> Self:
        return replace(self, context=added.text)

    @property
    def is_whole(self) -> bool:
        return self.asked == WHOLE

    def sign(self, key: bytes) -> str:
        """The signature this page carries."""
        return _signature(key, self, ASKS[self.page])

    def is_signed(self, key: bytes) -> bool:
        """Whether what it carries is what we gave it; a whole form carries nothing."""
        right = _signature(key, self, self.asked).encode()
        return self.is_whole or hmac.compare_digest(right, self.signature.encode(errors="replace"))


def _signature(key: bytes, form: Form, asked: Sequence[str]) -> str:
    carried = {name: value for name, value in sorted(form.answers.given.items()) if name not in asked}
    place = (form.page, form.step, form.changing, form.partner, form.context)
    content = msgspec.msgpack.encode((form.token, place, carried))
    return derived(key, b"form", content)[:18].hex()


def _number(typed: str) -> int:
    return min(int(typed), _MOST_STEPS) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
