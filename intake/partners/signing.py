"""Signed requests (RFC 9421): whoever stole a partner's key still cannot speak for a partner that signs.

A signature must cover the method, the address, the digest of the body (RFC 9530) and the idempotency key, and be fresh.
That it was seen before is no matter: the same key with the same content is the same report.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from jwt import PyJWK
from starlette.requests import Request

from intake.partners.known import Partner
from intake.partners.retries import KEY_HEADER

OLDEST = timedelta(minutes=5)
COVERED = ("@method", "@target-uri", "content-digest")
BY_CURVE = {"Ed25519": algorithms.ED25519, "P-256": algorithms.ECDSA_P256_SHA256}
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields as the library wants them: every line, in order."""

    lines: tuple[tuple[str, str], ...]

    def items(self) -> Iterable[tuple[str, str]]:
        return self.lines


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as the library wants it."""

    method: str
    url: str
    headers: Fields


class BodyDigest:
    """The digests of a body while it streams by, if they are `wanted`."""

    def __init__(self, wanted: bool) -> None:
        self._hashers = {"sha-256": hashlib.sha256(), "sha-512": hashlib.sha512()} if wanted else {}

    def feed(self, chunk: bytes) -> None:
        for hasher in self._hashers.values():
            hasher.update(chunk)

    def is_said_in(self, header: str) -> bool:
        """Whether a `Content-Digest` names this body, and nothing that is not known here."""
        mine = {f"{name}=:{b64encode(hasher.digest()).decode()}:" for name, hasher in self._hashers.items()}
        return all(member.strip() in mine for member in header.split(","))


def is_signed(request: Request) -> bool:
    return "signature-input" in request.headers or "signature" in request.headers


def holds(request: Request, scheme: str, partner: Partner, digest: "BodyDigest") -> bool:
    """Whether one of the partner's keys signed this request. `scheme` is the one that the outside sees."""
    covered = (*COVERED, KEY_HEADER) if KEY_HEADER in request.headers else COVERED
    signed = _as_sent(request, scheme)
    intact = digest.is_said_in(request.headers.get("content-digest", ""))
    return intact and any(_verifies(signed, curve, partner, covered) for curve in BY_CURVE)


def _verifies(signed: Signed, curve: str, partner: Partner, covered: tuple[str, ...]) -> bool:
    keys = {str(jwk["kid"]): PyJWK(jwk, _NAMES[curve]).key for jwk in partner.keys if jwk.get("crv") == curve}
    if not keys:
        return False
    resolver = MappingKeyResolver(public_keys=keys, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=BY_CURVE[curve], key_resolver=resolver)
    try:
        verifier.verify(signed, max_age=OLDEST, require_components=covered)
    except (HTTPMessageSignaturesException, ValueError) as error:
        log.info("signature.refused", error=type(error).__name__)
        return False
    return True


_NAMES = {"Ed25519": "EdDSA", "P-256": "ES256"}


def _as_sent(request: Request, scheme: str) -> Signed:
    scope = request.scope
    path = scope.get("raw_path", b"").decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    url = f"{scheme}://{request.headers.get('host', '')}{path}{'?' * bool(query)}{query}"
    return Signed(request.method, url, Fields(lines))
