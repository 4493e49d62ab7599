"""Proof of work: a sum that a browser does by itself in a second, and five thousand scripts do not do for nothing.

The protocol is ALTCHA's, version 1: find the number that with a salt has a given SHA-256. A challenge carries its
form's nonce and its end under a signature, so that a proof serves one form, for some minutes, and no other.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Literal

from altcha.v1 import ChallengeOptions, Payload, create_challenge, verify_solution
from altcha.v1 import extract_params as params_of

MOST = 40_000  # tries, half as many on average: 0.2 s on a laptop, a second on a phone
MINUTES = 10
LONGEST = 1_000
ALGORITHM: Literal["SHA-256"] = "SHA-256"


def issue(key: bytes, nonce: bytes, minutes: int = MINUTES) -> str:
    """A challenge for the form with this nonce, as JSON for the page."""
    ends = datetime.now(UTC) + timedelta(minutes=minutes)
    options = ChallengeOptions(
        algorithm=ALGORITHM, max_number=MOST, hmac_key=key, expires=ends, params={"form": nonce.hex()}
    )
    made = create_challenge(options)
    return json.dumps(made.to_dict())


def check(key: bytes, nonce: bytes, proof: str) -> bytes | None:
    """32 bytes that name this proof, the same whenever it comes; None for what proves nothing for this form."""
    if not 0 < len(proof) <= LONGEST:
        return None
    try:
        payload = Payload.from_base64(proof)
        right, _ = verify_solution(payload, key, check_expires=True)
        form = params_of(payload.to_dict()).get("form")
    except Exception:  # whatever was sent, the library may stumble over it; it is no proof
        return None
    return hashlib.sha256(payload.challenge.encode()).digest() if right and form == [nonce.hex()] else None
