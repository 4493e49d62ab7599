"""Letters: what is on its way out, as one sealed text."""

from datetime import datetime
from uuid import UUID

import msgspec

from core.details import NOTHING, Details
from core.envelopes import disclose, enclose
from core.errors import CannotOpen
from core.sealing import KeyRing, PublicKey, Row
from core.vocabulary import Channel, Danger, Offence

MOST_REPORTS = 100


class ReportTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """One report as it is passed on. `contact` is there only when whoever referred it said so."""

    id: UUID
    received_at: datetime
    channel: Channel
    language: str
    danger: Danger
    country: str | None = None
    partner: str | None = None
    what: str = ""
    link: str = ""
    contact: str = ""
    details: Details = NOTHING


class Referred(msgspec.Struct, frozen=True, tag="referral", omit_defaults=True):
    """A case passed on. `count` is how many reports it has; at most a hundred of them are here."""

    id: UUID
    case: str
    made_at: datetime
    sender: str
    recipient: str
    priority: int
    danger: Danger
    language: str
    count: int
    country: str | None = None
    note: str = ""
    reports: tuple[ReportTold, ...] = ()
    format: str = "openhotline-referral"
    version: int = 1


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """An alarm or a digest: references, links, numbers and times. It never has a word of what was reported."""

    subject: str
    lines: tuple[str, ...]


class LinkNoticed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One link that a provider is told of. `id` stays the same in every notice of it; `told` counts them."""

    id: UUID
    url: str
    offence: Offence
    why: str
    asked_at: datetime
    told: int


class TakedownTold(msgspec.Struct, frozen=True, tag="takedown", omit_defaults=True):
    """What a hosting provider is told: links to remove, and why. Nothing that a reporter wrote is in it."""

    id: UUID
    made_at: datetime
    sender: str
    recipient: str
    links: tuple[LinkNoticed, ...]
    contact: str = ""
    good_faith: bool = True
    law: str = "Regulation (EU) 2022/2065, Article 16"
    format: str = "openhotline-takedown"
    version: int = 1


Letter = Referred | TakedownTold | Notice


def enclose_letter(courier: PublicKey, delivery: UUID, letter: Letter) -> bytes:
    """Sealed so that only the courier opens it, as this very delivery."""
    return enclose(courier, _row(delivery), "letter", text_of(letter))


def text_of(letter: Letter) -> str:
    return msgspec.json.encode(letter).decode()


def open_letter(ring: KeyRing, delivery: UUID, enclosed: bytes) -> Letter:
    """Raises CannotOpen."""
    return letter_from(disclose(ring, _row(delivery), "letter", enclosed))


def letter_from(text: str) -> Letter:
    """Raises CannotOpen for what this version does not know."""
    try:
        letter: Letter = msgspec.json.decode(text, type=Letter)
    except msgspec.DecodeError:
        raise CannotOpen from None
    return letter


def _row(delivery: UUID) -> Row:
    return Row("deliveries", delivery)
