"""Sending again: the same key from the same partner at the same door is the same report, receipt and all."""

import time
from dataclasses import dataclass
from uuid import UUID

from core.receipts import derived
from core.vocabulary import Channel
from intake.tokens import NONCE_BYTES, FormToken

KEY_HEADER = "idempotency-key"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Retry:
    """What a partner's key stands for. `key` and `content` are keyed hashes; `token` gives id and receipt."""

    token: FormToken
    key: bytes
    content: bytes


def retry_of(secret: bytes, partner: UUID, door: Channel, key: str, content: bytes) -> Retry:
    """`secret` is the deployment's partner key, `content` all that makes two reports the same."""
    whose = b"%b%b\x00%b" % (partner.bytes, door.encode(), key.encode())
    nonce = derived(secret, b"nonce", whose)[:NONCE_BYTES]
    token = FormToken(time.time_ns() // 1_000_000, nonce)
    return Retry(token, derived(secret, b"idempotency key", whose), derived(secret, b"content", content))


def key_in(header: str) -> str | None:
    """The key in an `Idempotency-Key` header: a quoted string, as its draft says, or bare. None if it is none."""
    key = header.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    fits = 0 < len(key) <= LONGEST and key.isascii() and key.isprintable() and " " not in key
    return key if fits else None
