"""Secrets of partners: made here, shown once, kept as a keyed hash."""

import os

from core.ids import crockford
from core.receipts import derived
from core.vocabulary import CredentialKind

SYMBOLS = 32  # 160 bits: nothing is gained by guessing, so no slow hash is needed
PREFIXES = {CredentialKind.PASSWORD: "ohp_", CredentialKind.API_KEY: "ohk_"}
"""So that a scanner for leaked secrets, and a person, see what one is."""


def new_secret(kind: CredentialKind) -> str:
    return PREFIXES[kind] + crockford(os.urandom(20), SYMBOLS)


def secret_hash(key: bytes, secret: str) -> bytes:
    """What is stored and looked up, 32 bytes; `key` is the deployment's partner key."""
    return derived(key, b"partner secret", secret.encode(errors="replace"))
