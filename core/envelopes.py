"""Envelopes: one sealed value together with the wrap of its own key, for one recipient."""

from core.sealing import HEAD_BYTES, NONCE_BYTES, DataKey, KeyRing, PublicKey, Row, Wrapping

WRAP_BYTES = HEAD_BYTES + NONCE_BYTES + 32 + 16  # the data key and its tag


def enclose(recipient: PublicKey, row: Row, column: str, text: str) -> bytes:
    """wrap ‖ field, as docs/sealing.md has both."""
    with DataKey() as key, Wrapping(recipient) as wrapping:
        return wrapping.wrap(row, key) + key.seal(row, column, text)


def disclose(ring: KeyRing, row: Row, column: str, enclosed: bytes) -> str:
    """The text enclosed for this place. Raises CannotOpen."""
    with ring.unwrap(row, enclosed[:WRAP_BYTES]) as key:
        return key.open(row, column, enclosed[WRAP_BYTES:])
