"""The token by which an app's server says what a report is about: a JWT (RFC 7519), signed with EdDSA or ES256.

A token that proves nothing is no reason to turn a child away. What it says is kept, if it can be read, and marked:
anybody could have written it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
import msgspec

from core.context import Context
from core.receipts import derived
from core.vocabulary import Doubt
from intake.site.journey.added import Added
from intake.tab.claims import Claims, only_context, to_context

LONGEST = 64 * 1024  # characters
LIFE = 600  # seconds
AHEAD = 60  # seconds that an app's clock may be ahead of ours
ALGORITHMS = ("EdDSA", "ES256")
CURVES = ("Ed25519", "P-256")
REQUIRED = ("iss", "aud", "exp", "iat", "jti")
STRANGE = (jwt.PyJWTError, msgspec.ValidationError, ValueError, TypeError, OverflowError, RecursionError)
"""What the library raises for what is no token, or for numbers and depths it did not expect."""

DOUBTS: Sequence[tuple[type[Exception], Doubt]] = (
    (jwt.ExpiredSignatureError, Doubt.OLD),
    (jwt.ImmatureSignatureError, Doubt.OLD),
    (jwt.InvalidAudienceError, Doubt.MISADDRESSED),
    (jwt.InvalidIssuerError, Doubt.MISADDRESSED),
    (jwt.InvalidSignatureError, Doubt.UNSIGNED),
    (jwt.InvalidAlgorithmError, Doubt.UNSIGNED),
    (jwt.InvalidKeyError, Doubt.UNSIGNED),
    (jwt.DecodeError, Doubt.UNREADABLE),
    (jwt.InvalidTokenError, Doubt.INCOMPLETE),
    (msgspec.ValidationError, Doubt.INCOMPLETE),
)
"""What the libraries' errors mean here, the first that fits; the signature is looked at before any claim."""


@dataclass(frozen=True, slots=True)
class Signer:
    """An app as its tokens are read: its code and its registered public keys (RFC 7517)."""

    id: UUID
    code: str
    keys: Sequence[Mapping[str, Any]]


def read_token(token: str, signer: Signer, audience: str, secret: bytes) -> Added:
    """What an app adds. `audience` is our address; `secret` makes the token's name out of its `jti`."""
    if len(token) > LONGEST:
        return Added(Context(doubt=Doubt.UNREADABLE))
    found = check(token, signer, audience)
    if isinstance(found, Doubt):
        return doubtful(token, found)
    return Added(to_context(found.ctx), True, derived(secret, b"context", signer.id.bytes + found.name))


def doubtful(token: str, doubt: Doubt) -> Added:
    """What can be read of a token that proves nothing."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except STRANGE:
        return Added(Context(doubt=Doubt.UNREADABLE))
    return Added(to_context(only_context(claims), doubt))


def check(token: str, signer: Signer, audience: str) -> Claims | Doubt:
    """The claims of a token that this app signed for us just now, or why it is none."""
    try:
        keys = _keys(jwt.get_unverified_header(token), signer.keys)
        claims = _verified(token, keys, signer.code, audience)
    except STRANGE as error:
        return next((doubt for kind, doubt in DOUBTS if isinstance(error, kind)), Doubt.UNREADABLE)
    return claims if _is_young(claims) else Doubt.OLD


def _verified(token: str, keys: Sequence[jwt.PyJWK], issuer: str, audience: str) -> Claims:
    """Raises what is in STRANGE. A key is good for its own algorithm and no other."""
    for key in keys:
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm_name],
                issuer=issuer,
                audience=audience,
                options={"require": list(REQUIRED), "verify_iat": False},
            )
        except jwt.InvalidSignatureError:
            continue
        return msgspec.convert(claims, Claims)
    raise jwt.InvalidSignatureError


def _keys(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> list[jwt.PyJWK]:
    """The keys this header may mean: that of its `kid`, or else every one of its algorithm."""
    if header.get("alg") not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError
    listed = [key for key in keys if key.get("crv") in CURVES]
    named = [key for key in listed if header.get("kid") is not None and key.get("kid") == header["kid"]]
    known = [jwt.PyJWK(dict(key)) for key in named or listed]
    return [key for key in known if key.algorithm_name == header["alg"]]


def _is_young(claims: Claims) -> bool:
    now = time.time()
    return claims.exp - claims.iat <= LIFE and now - LIFE <= claims.iat <= now + AHEAD
