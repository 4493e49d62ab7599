"""Signed requests (RFC 9421): one of the partner's own keys, this address, this body, this moment."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, SigningKey, algorithms
from sqlalchemy import Engine

from core.settings import Settings
from tests.factories import a_partner
from tests.intake.doors import LITTLE, Server, problem_of

PATH = "/api/v1/reports"
BODY = b'{"what": "An adult asked for a secret."}'
COVERED = ("@method", "@target-uri", "idempotency-key")
ED25519, P256 = ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwks() -> dict[str, object]:
    numbers = P256.public_key().public_numbers()
    x, y = (b64url(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    okp = {"kid": "ed", "kty": "OKP", "crv": "Ed25519", "x": b64url(ED25519.public_key().public_bytes_raw())}
    return {"keys": [okp, {"kid": "p256", "kty": "EC", "crv": "P-256", "x": x, "y": y}]}


@dataclass
class Message:
    """What the signer signs, and then what is sent."""

    url: str
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)


Algorithm = type[algorithms.HTTPSignatureAlgorithm]
KEYS: dict[str, tuple[SigningKey, Algorithm]] = {
    "ed": (ED25519, algorithms.ED25519),
    "p256": (P256, algorithms.ECDSA_P256_SHA256),
}


def signed(
    server: Server,
    kid: str = "ed",
    covered: tuple[str, ...] = COVERED,
    created: datetime | None = None,
    body: bytes | None = BODY,
    stranger: bool = False,
) -> Message:
    """Headers for this body, signed under this name; by a stranger, with a key that nobody knows."""
    message = Message(server.address + PATH)
    message.headers = {**server.credentials, "content-type": "application/json", "idempotency-key": "signed"}
    key, algorithm = KEYS[kid]
    key = ed25519.Ed25519PrivateKey.generate() if stranger else key
    signer = HTTPMessageSigner(
        signature_algorithm=algorithm, key_resolver=MappingKeyResolver(public_keys={}, private_keys={kid: key})
    )
    signer.sign(message, key_id=kid, created=created, covered_component_ids=covered, body=body)
    return message


def send(server: Server, message: Message, body: bytes = BODY, **changed: str) -> httpx.Response:
    headers = message.headers | {name.replace("_", "-"): value for name, value in changed.items()}
    return server.client.post(server.address + PATH, content=body, headers=headers)


@pytest.fixture
def signer(served: Settings, settings: Settings, owner: Engine, client: httpx.Client) -> Server:
    """A partner that must sign."""
    return Server(served.address, a_partner(settings, owner, jwks=jwks(), must_sign=True), client)


@pytest.mark.parametrize("kid", KEYS)
def test_what_is_signed_with_one_of_its_keys_is_taken(signer: Server, kid: str) -> None:
    answer = send(signer, signed(signer, kid))
    assert answer.status_code == 201, answer.text


def test_a_signature_seen_before_is_the_same_report(signer: Server) -> None:
    message = signed(signer)
    assert send(signer, message).content == send(signer, message).content


WRONG: dict[str, Callable[[Server], httpx.Response]] = {
    "not signed": lambda it: it.report(LITTLE),
    "another body": lambda it: send(it, signed(it), BODY + b" "),
    "another key in the header": lambda it: send(it, signed(it), idempotency_key="other"),
    "another digest": lambda it: send(it, signed(it), content_digest="sha-256=:AAAA:"),
    "no digest": lambda it: send(it, signed(it, body=None)),
    "the key not covered": lambda it: send(it, signed(it, covered=("@method", "@target-uri"))),
    "the address not covered": lambda it: send(it, signed(it, covered=("@method", "idempotency-key"))),
    "six minutes old": lambda it: send(it, signed(it, created=datetime.now(UTC) - timedelta(minutes=6))),
    "from tomorrow": lambda it: send(it, signed(it, created=datetime.now(UTC) + timedelta(days=1))),
    "somebody else's key": lambda it: send(it, signed(it, stranger=True)),
    "an unknown name": lambda it: send(it, renamed(signed(it), "ed", "nobody")),
    "another key's name": lambda it: send(it, renamed(signed(it), "ed", "p256")),
    "half a signature": lambda it: send(it, signed(it), signature="pyhms=:AAAA:"),
    "no signature": lambda it: send(it, signed(it), signature=""),
    "no structured field": lambda it: send(it, signed(it), signature_input="((((("),
    "a number for a name": lambda it: send(it, signed(it), signature_input='pyhms=("@method");created=1;keyid=1'),
}


def renamed(message: Message, old: str, new: str) -> Message:
    changed = message.headers["Signature-Input"].replace(f'keyid="{old}"', f'keyid="{new}"')
    message.headers["Signature-Input"] = changed
    return message


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_signed_rightly_is_refused_without_detail(signer: Server, name: str) -> None:
    problem = problem_of(WRONG[name](signer), 401, "signature")
    assert problem.get("detail", "") in ("", "This partner's requests must be signed.")


def test_a_partner_that_need_not_sign_may_and_then_it_counts(
    served: Settings, settings: Settings, owner: Engine, client: httpx.Client
) -> None:
    free = Server(served.address, a_partner(settings, owner, jwks=jwks()), client)
    assert free.report(LITTLE).status_code == 201
    assert send(free, signed(free)).status_code == 201
    problem_of(send(free, signed(free), BODY + b" "), 401, "signature")


def test_a_signature_of_a_partner_without_keys_never_holds(server: Server) -> None:
    problem_of(send(server, signed(server)), 401, "signature")
