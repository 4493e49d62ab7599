"""Blind indexes: what stands for an identifier or a piece of text in the database; nothing without the key."""

import hashlib
from uuid import UUID

from core.receipts import derived

_BYTES = 8


class Blinder:
    """Blind indexes of one agency: the same thing has another one at every agency.

    Keyed BLAKE2b (RFC 7693) of 64 bits, signed as PostgreSQL's bigint is.
    """

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes, agency: UUID) -> None:
        self._keyed = hashlib.blake2b(key=derived(key, b"bundling", agency.bytes), digest_size=_BYTES)

    def blind(self, *parts: bytes) -> int:
        """Of a sort of thing and what names it, one for all ways to part the same bytes only if there is one part."""
        keyed = self._keyed.copy()
        keyed.update(b"\x00".join(parts))
        return int.from_bytes(keyed.digest(), signed=True)

    def token(self, word: str) -> int:
        """A word, unsigned: pieces of text are made of these."""
        keyed = self._keyed.copy()
        keyed.update(b"word\x00" + word.encode())
        return int.from_bytes(keyed.digest())
