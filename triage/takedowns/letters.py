"""What a provider is told of one link, sealed to the courier for as long as it is asked to remove it."""

from uuid import UUID

import msgspec

from core.envelopes import disclose, enclose
from core.errors import CannotOpen
from core.sealing import KeyRing, PublicKey, Row


class LinkTold(msgspec.Struct, frozen=True):
    """The link as it can be reached, and staff's words on why it is illegal."""

    url: str
    why: str


def enclose_link(courier: PublicKey, takedown: UUID, told: LinkTold) -> bytes:
    return enclose(courier, _row(takedown), "letter", msgspec.json.encode(told).decode())


def open_link(ring: KeyRing, takedown: UUID, letter: bytes) -> LinkTold:
    """Raises CannotOpen."""
    try:
        return msgspec.json.decode(disclose(ring, _row(takedown), "letter", letter), type=LinkTold)
    except msgspec.DecodeError:
        raise CannotOpen from None


def _row(takedown: UUID) -> Row:
    return Row("takedowns", takedown)
