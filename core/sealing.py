"""Sealing: envelopes that only the holder of a private key opens.

A row's fields are AES-256-GCM under a random data key, bound by associated data to their place
(table, row, column) and padded to size classes. Data keys are wrapped, bound to their row, under a
short-lived wrapping key, and that one is sealed by HPKE (RFC 9180) with the hybrid KEM ML-KEM-768 +
X25519. Every value starts with the version of its form, every wrap with its suite and the id of the
key it is for, so both can change.
"""

import base64
import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from core.errors import CannotOpen

VERSION = b"\x01"
SUITE_ID = b"\x01"
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
WRAPPING = b"openhotline wrapping key"
KEY_ID_BYTES = 8
NONCE_BYTES = 12
_NONCES = 2 ** (8 * NONCE_BYTES)
HEAD_BYTES = len(SUITE_ID) + KEY_ID_BYTES + 1120 + 32 + 16  # the KEM's encapsulation, the key, the tag
SIZE_CLASSES = tuple(256 * 4**n for n in range(10))
_X25519_BYTES = 32
_urandom = os.open("/dev/urandom", os.O_RDONLY | os.O_CLOEXEC)


@lru_cache(maxsize=256)
def _place(table: str, column: str) -> bytes:
    return b"%c%b%c%b" % (len(table.encode()), table.encode(), len(column.encode()), column.encode())


@dataclass(frozen=True, slots=True)
class Row:
    """The place a sealed value belongs to; it opens nowhere else."""

    table: str
    id: UUID

    def associated(self, column: str) -> bytes:
        """Length-prefixed, so that no two places read alike."""
        return _place(self.table, column) + self.id.bytes


class DataKey:
    """A random 256-bit key, wiped when its `with` block ends.

    Read straight into a buffer of our own: a `bytes` could not be wiped. Its nonces are counted on from a
    random one, so that no two are the same and one question to the kernel is enough.
    """

    __slots__ = ("_cipher", "_nonce", "secret")

    def __init__(self, key: bytes | None = None) -> None:
        self.secret = bytearray(32)
        if key is None:
            os.readv(_urandom, [self.secret])
        else:
            self.secret[:] = key
        self._cipher = AESGCM(self.secret)
        self._nonce = int.from_bytes(os.urandom(NONCE_BYTES))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.secret[:] = bytes(32)
        del self._cipher

    def seal(self, row: Row, column: str, text: str) -> bytes:
        """version ‖ nonce ‖ ciphertext and tag of the padded UTF-8 text."""
        self._nonce = (self._nonce + 1) % _NONCES
        nonce = self._nonce.to_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, padded(text.encode()), VERSION + row.associated(column))
        return VERSION + nonce + sealed

    def open(self, row: Row, column: str, sealed: bytes) -> str:
        """The text sealed for this place. Raises CannotOpen."""
        version, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return unpadded(self._cipher.decrypt(nonce, rest, version + row.associated(column))).decode()
        except (InvalidTag, ValueError):
            raise CannotOpen from None


class Wrapping:
    """Wraps data keys for one recipient, many under one encapsulation; forgotten when its block ends.

    The KEM is most of what sealing costs, and reports that arrive together share it. Each wrap is
    whole by itself and opens one row: deleting it is the end of that row for its recipient.
    """

    __slots__ = ("_head", "_key")

    def __init__(self, recipient: "PublicKey") -> None:
        self._key = bytearray(32)
        os.readv(_urandom, [self._key])
        self._head = SUITE_ID + recipient.id + SUITE.encrypt(self._key, recipient.key, WRAPPING)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.forget()

    def forget(self) -> None:
        self._key[:] = bytes(32)
        self._head = b""

    def wrap(self, row: Row, key: DataKey) -> bytes:
        """suite ‖ key id ‖ sealed wrapping key ‖ nonce ‖ data key and tag: 1,237 bytes."""
        assert self._head, "this wrapping key has been forgotten"
        nonce = os.urandom(NONCE_BYTES)
        return self._head + nonce + AESGCM(self._key).encrypt(nonce, key.secret, row.associated(""))


class PublicKey:
    """One recipient: whoever holds the private half."""

    __slots__ = ("id", "key", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.id = hashlib.sha256(raw).digest()[:KEY_ID_BYTES]
        self.key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:-_X25519_BYTES]),
            X25519PublicKey.from_public_bytes(raw[-_X25519_BYTES:]),
        )

    @classmethod
    def from_text(cls, text: str) -> Self:
        return cls(base64.b64decode(text))

    def to_text(self) -> str:
        return base64.b64encode(self.raw).decode()


class PrivateKey:
    """The half that opens; 96 bytes: the ML-KEM seed (64) and the X25519 scalar (32)."""

    __slots__ = ("key", "public", "raw")

    def __init__(self, raw: bytes) -> None:
        kem = MLKEM768PrivateKey.from_seed_bytes(raw[:-_X25519_BYTES])
        curve = X25519PrivateKey.from_private_bytes(raw[-_X25519_BYTES:])
        self.raw = raw
        self.key = MLKEM768X25519PrivateKey(kem, curve)
        self.public = PublicKey(kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        return cls(os.urandom(64 + _X25519_BYTES))

    @classmethod
    def from_text(cls, text: str) -> Self:
        return cls(base64.b64decode(text))

    def to_text(self) -> str:
        return base64.b64encode(self.raw).decode()


class KeyRing:
    """The private keys a process holds, found by the id each wrap carries."""

    def __init__(self, keys: Iterable[PrivateKey]) -> None:
        self._keys: Mapping[bytes, PrivateKey] = {key.public.id: key for key in keys}
        self._opened = lru_cache(maxsize=256)(self._open)  # reports that came together share one

    def unwrap(self, row: Row, wrap: bytes) -> DataKey:
        """The data key of this row. Raises CannotOpen when the key is not ours or the row is another."""
        nonce, wrapped = wrap[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], wrap[HEAD_BYTES + NONCE_BYTES :]
        try:
            return DataKey(AESGCM(self.wrapping_key(wrap)).decrypt(nonce, wrapped, row.associated("")))
        except (InvalidTag, ValueError):
            raise CannotOpen from None

    def wrapping_key(self, wrap: bytes) -> bytes:
        """The key this wrap was made with. Raises CannotOpen, ValueError for what is no wrap."""
        return self._opened(wrap[:HEAD_BYTES])

    def _open(self, head: bytes) -> bytes:
        suite, key_id, sealed = head[:1], head[1 : 1 + KEY_ID_BYTES], head[1 + KEY_ID_BYTES :]
        private = self._keys.get(key_id)
        if suite != SUITE_ID or private is None:
            raise CannotOpen
        return SUITE.decrypt(sealed, private.key, WRAPPING)


def padded(plain: bytes) -> bytes:
    """A 4-byte length, the bytes, and zeros up to the next size class (256 B, 1 KiB, 4 KiB, ...)."""
    size = SIZE_CLASSES[bisect_left(SIZE_CLASSES, len(plain) + 4)]
    return len(plain).to_bytes(4) + plain.ljust(size - 4, b"\x00")


def unpadded(plain: bytes) -> bytes:
    return plain[4 : 4 + int.from_bytes(plain[:4])]
