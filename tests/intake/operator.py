"""An operator of a messenger: signs what its users' reports are about, and has the hotline's frame in its pages."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from core.settings import Settings
from tests.factories import KnownPartner, a_partner
from tests.intake.visitor import FORM, Page

ORIGIN = "https://chat.example"
PICKED = {"id": "m-1", "sender": "@alex", "at": "2026-11-01T17:05:00Z", "text": "Keep this a secret."}
TOLD: Mapping[str, Any] = {
    "service": "Northwind Chat",
    "conversation_id": "conversation-7",
    "message_ids": ["m-1", "m-2"],
    "messages": [PICKED],
    "reported": {"id": "user-81", "handle": "@alex"},
    "reported_role": "contact",
}
Key = Ed25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Operator:
    """A partner, and the private keys whose public halves it registered."""

    partner: KnownPartner
    audience: str
    edwards: Ed25519PrivateKey
    p256: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def claims(self) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.partner.code,
            "aud": self.audience,
            "iat": now,
            "exp": now + 300,
            "jti": str(uuid4()),
            "ctx": dict(TOLD),
        }

    def token(self, key: Key | None = None, algorithm: str = "EdDSA", kid: str = "ed", **changed: object) -> str:
        """A good one, but for what is `changed`; a claim changed to None is left out."""
        claims = {name: value for name, value in (self.claims | changed).items() if value is not None}
        return jwt.encode(claims, key or self.edwards, algorithm=algorithm, headers={"kid": kid} if kid else {})


def an_operator(settings: Settings, owner: Engine, name: str = "Northwind Chat", **given: Any) -> Operator:
    """Registered as `hotline partner add` does it."""
    edwards, p256 = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    jwks: dict[str, object] = {"keys": [public(edwards, "ed"), public(p256, "ec")]}
    partner = a_partner(settings, owner, f"{name} {uuid4().hex[:8]}", given.pop("origins", [ORIGIN]), jwks, **given)
    return Operator(partner, settings.address, edwards, p256)


def public(key: Key, kid: str) -> dict[str, object]:
    """The public half as a JWK."""
    algorithm = jwt.algorithms.OKPAlgorithm if isinstance(key, Ed25519PrivateKey) else jwt.algorithms.ECAlgorithm
    known: dict[str, object] = json.loads(algorithm.to_jwk(key.public_key()))  # type: ignore[arg-type]  # each its own
    return {**known, "kid": kid}


def unsigned(claims: Mapping[str, Any], header: Mapping[str, Any] | None = None, signature: str = "") -> str:
    """A token made by hand."""
    parts = [json.dumps(part).encode() for part in (header or {"alg": "none"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), signature])


@dataclass
class Reporter:
    """Somebody in the frame, or at the page that a native app opens; `page` is what they see."""

    client: httpx.Client
    address: str
    answer: httpx.Response

    @classmethod
    def in_frame(cls, client: httpx.Client, code: str, language: str = "en") -> "Reporter":
        address = f"/embed/v1/frame?partner={code}&lang={language}"
        return cls(client, address, client.get(address))

    @classmethod
    def sent_by_app(cls, client: httpx.Client, code: str, **posted: str) -> "Reporter":
        address = f"/en/p/{code}"
        return cls(client, address, client.post(address, data=posted) if posted else client.get(address))

    @property
    def page(self) -> Page:
        return Page(self.answer.text)

    @property
    def at(self) -> str:
        return self.page.carried["page"]

    def goes_on(self, **fields: str) -> httpx.Response:
        """Answer the page and press its first button, or the one that `go` names; `jwt` is what the frame adds."""
        body = str(httpx.QueryParams(self.page.carried | fields))
        self.answer = self.client.post(self.address, content=body, headers={"content-type": FORM})
        return self.answer

    def goes_to(self, page: str, **answers: str) -> None:
        """On and on until that page, with these answers wherever they are asked."""
        for _ in range(20):
            if self.at == page:
                return
            asked = {name: answers[name] for name in answers if name not in self.page.carried or name == "jwt"}
            self.goes_on(**{name: value for name, value in asked.items() if self.asks(name)})
            assert self.answer.status_code == 200
        raise AssertionError(f"{page} never comes")

    def asks(self, name: str) -> bool:
        return bool(self.page.all("input", "textarea", "select", name=name))

    def sends(self, **answers: str) -> httpx.Response:
        """All the way to the receipt."""
        self.goes_to("check", **answers)
        return self.goes_on(go="send")
