"""What became of one attempt, and the parcel it was made with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from core.vocabulary import Trouble
from triage.referrals.letters import Letter
from triage.referrals.ways import AnyWay, ProvidersWay

LONGEST_RECEIPT = 200


@dataclass(frozen=True, slots=True)
class Delivered:
    """It is theirs now; `receipt` is what they call it."""

    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """It is not; `for_good` when the same again would fail the same."""

    trouble: Trouble
    for_good: bool = False


Outcome = Delivered | Failed


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt. `remote` is what an earlier one opened there; `note` keeps it before anything else is done.

    `id` is the same on every attempt.
    """

    id: UUID
    way: AnyWay | ProvidersWay
    letter: Letter = field(repr=False)
    secret: str = field(default="", repr=False)
    remote: str | None = None
    note: Callable[[str | None], None] = field(default=lambda _: None, repr=False)


def receipt_of(text: str | bytes | None) -> str:
    """The other side's words, as far as they are printable and short."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text or ""
    return "".join(symbol if symbol.isprintable() else " " for symbol in words).strip()[:LONGEST_RECEIPT]
