"""What proves who somebody is: a password (argon2id) and a one-time code (TOTP, RFC 6238)."""

import hmac
import secrets
from functools import cache
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.ids import crockford, in_groups
from core.keys import ConsoleKeys
from core.models import Staff
from core.sealing import DataKey, Row

SECONDS_A_STEP = 30
DRIFT = (-1, 0, 1)  # steps a clock may be off
LONGEST_PASSWORD = 1_000
_HASHER = PasswordHasher()


def new_password() -> str:
    """100 random bits to read aloud or copy, like `4k8d-0mzq-...`."""
    return in_groups(crockford(secrets.token_bytes(13), 20)).lower()


def password_hash(password: str) -> str:
    return _HASHER.hash(password)


def password_matches(expected: str | None, typed: str) -> bool:
    """Whether it is this one; with no hash to compare with, False after the same work."""
    try:
        _HASHER.verify(expected or _nobodys_hash(), typed[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return expected is not None


def seal_totp_secret(keys: ConsoleKeys, staff_id: UUID, secret: str) -> bytes:
    with DataKey(keys.staff) as key:
        return key.seal(Row("staff", staff_id), "totp_secret", secret)


def open_totp_secret(keys: ConsoleKeys, person: Staff) -> str:
    """Raises CannotOpen."""
    with DataKey(keys.staff) as key:
        return key.open(Row("staff", person.id), "totp_secret", person.totp_secret)


def step_of(secret: str, typed: str, now: float) -> int | None:
    """The step whose code was typed, if it is this one or a neighbour; any spacing, any script's digits."""
    digits = "".join(str(int(c)) for c in typed if c.isdecimal())
    totp, step = pyotp.TOTP(secret), int(now) // SECONDS_A_STEP
    found = [step + drift for drift in DRIFT if hmac.compare_digest(totp.generate_otp(step + drift), digits)]
    return found[0] if found else None


@cache
def _nobodys_hash() -> str:
    return password_hash(secrets.token_hex())
