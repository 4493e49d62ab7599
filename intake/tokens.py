"""Form tokens: signed, stateless, and good with the database down.

A token is a time and a random nonce under a keyed hash. It names one form a person filled in: the
receipt and the report's id follow from it, so sending the same form twice changes nothing.
"""

import base64
import binascii
import hmac
import os
import struct
from dataclasses import dataclass

from core.errors import ExpiredToken, ForgedToken
from core.receipts import derived

NONCE_BYTES = 16
_BODY = struct.Struct(f">Q{NONCE_BYTES}s")
_TAG_BYTES = 18  # 42 bytes in all: base64 without padding or slack


@dataclass(frozen=True, slots=True)
class FormToken:
    """When the form was served (Unix milliseconds) and its 128 random bits."""

    issued_ms: int
    nonce: bytes


def issue(key: bytes, now_ms: int) -> str:
    """A new token, 56 URL-safe characters."""
    body = _BODY.pack(now_ms, new_nonce())
    return base64.urlsafe_b64encode(body + _tag(key, body)).decode()


def new_nonce() -> bytes:
    return os.urandom(NONCE_BYTES)


def read(key: bytes, token: str, now_ms: int, max_age_ms: int) -> FormToken:
    """The token someone sent back. Raises ForgedToken, ExpiredToken."""
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ForgedToken from None
    body, tag = raw[: _BODY.size], raw[_BODY.size :]
    if not hmac.compare_digest(tag, _tag(key, body)):
        raise ForgedToken
    issued_ms, nonce = _BODY.unpack(body)
    if now_ms - issued_ms > max_age_ms:
        raise ExpiredToken
    return FormToken(issued_ms, nonce)


def _tag(key: bytes, body: bytes) -> bytes:
    return derived(key, b"form token", body)[:_TAG_BYTES]
