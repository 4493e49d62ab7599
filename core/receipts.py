"""Receipts: the code a reporter comes back with, which is also the key to their mailbox.

A receipt is derived from the form token, so a retry after a lost answer shows the same one, though
only its keyed hash is stored. From the receipt alone an X25519 pair is derived (RFC 7748); answers
are sealed to its public half, so nobody but the bearer of the receipt opens them.
"""

import hashlib

from nacl.bindings import crypto_scalarmult_base
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from core.errors import CannotOpen
from core.ids import crockford, in_groups, normalised
from core.sealing import padded, unpadded

SYMBOLS = 20  # 100 bits


def derived(key: bytes, label: bytes, message: bytes) -> bytes:
    """32 bytes that only the holder of `key` can compute, different for every label.

    Keyed BLAKE2b (RFC 7693); `key` has up to 64 bytes.
    """
    return hashlib.blake2b(label + b"\x00" + message, digest_size=32, key=key).digest()


def receipt_for(key: bytes, nonce: bytes) -> str:
    """The receipt of a form token: five groups of four Crockford symbols."""
    return in_groups(crockford(derived(key, b"receipt", nonce), SYMBOLS))


def receipt_hash(key: bytes, receipt: str) -> bytes:
    """What is stored and looked up, 32 bytes; accepts any spacing and case."""
    return derived(key, b"hash", normalised(receipt).encode())


def mailbox_key(receipt: str) -> PrivateKey:
    """The private half that only this receipt gives."""
    return PrivateKey(_mailbox_seed(receipt))


def mailbox_public(receipt: str) -> bytes:
    """The stored half, 32 bytes."""
    return crypto_scalarmult_base(_mailbox_seed(receipt))


def seal_answer(mailbox: bytes, words: str) -> bytes:
    """Words that only the bearer of the receipt opens: a libsodium sealed box of the padded text."""
    return SealedBox(PublicKey(mailbox)).encrypt(padded(words.encode()))


def open_answer(receipt: str, sealed: bytes) -> str:
    """Raises CannotOpen."""
    try:
        return unpadded(SealedBox(mailbox_key(receipt)).decrypt(sealed)).decode()
    except (CryptoError, ValueError):
        raise CannotOpen from None


def _mailbox_seed(receipt: str) -> bytes:
    return hashlib.sha256(b"openhotline mailbox 1\x00" + normalised(receipt).encode()).digest()
