"""Identifiers: UUIDv7 (RFC 9562 §5.7) and references people read aloud."""

import base64
import os
import secrets
import time
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD.encode())


class _ReadAs(dict[int, str]):
    """What each typed character is read as; what is no symbol is passed over."""

    def __missing__(self, character: int) -> None:
        return None


_READ_AS = _ReadAs({ord(typed): meant for meant in CROCKFORD for typed in (meant, meant.lower())})
_READ_AS |= {ord(typed): meant for typed, meant in zip("OoIiLl", "001111", strict=True)}


def uuid7(milliseconds: int | None = None, randomness: bytes | None = None) -> UUID:
    """A UUIDv7 of a Unix time in milliseconds and at least 10 bytes of randomness.

    The same arguments give the same id: a letterbox entry's id is its idempotency key.
    """
    at = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    tail = int.from_bytes((randomness or os.urandom(10))[:10])
    high, low = tail >> 68, tail & (1 << 62) - 1
    return UUID(int=at << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def crockford(data: bytes, symbols: int) -> str:
    """The first `symbols` base-32 symbols (5 bits each) of `data`; its alphabet has no I, L, O, U."""
    return base64.b32encode(data[: -(-symbols * 5 // 8)])[:symbols].translate(_TO_CROCKFORD).decode()


def in_groups(symbols: str, size: int = 4) -> str:
    """`ABCDEFGH` as `ABCD-EFGH`."""
    return "-".join(symbols[i : i + size] for i in range(0, len(symbols), size))


def normalised(typed: str) -> str:
    """What someone typed, as plain symbols: any case or spacing; O read as 0, I and L as 1."""
    return typed.translate(_READ_AS)


def new_reference() -> str:
    """A case's name for people: 40 random bits, checked by a unique constraint, never counted."""
    return f"C-{in_groups(crockford(secrets.token_bytes(5), 8))}"
