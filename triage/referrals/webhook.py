"""By webhook: an HTTPS POST, signed as Standard Webhooks has it (v1a, Ed25519), its body sealed to the agency's key."""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.vocabulary import Trouble
from triage.referrals.http import Answer, Rules, ask
from triage.referrals.letters import Notice
from triage.referrals.outcome import Delivered, Failed, Outcome, Parcel, receipt_of
from triage.referrals.reading import as_json, sealed
from triage.referrals.ways import Webhook

SEALED, PLAIN = "application/age", "application/json"
LATER = (408, 409, 423, 425, 429)
"""Refusals that may be none the next time."""


class Told(msgspec.Struct, frozen=True):
    """What an answer may say: what they call it."""

    receipt: str = ""


@dataclass(frozen=True)
class Caller:
    """Signs and sends."""

    sign: Ed25519PrivateKey = field(repr=False)
    rules: Rules

    @classmethod
    def of(cls, seed: bytes, rules: Rules) -> "Caller":
        return cls(Ed25519PrivateKey.from_private_bytes(seed), rules)

    def deliver(self, parcel: Parcel) -> Outcome:
        """One letter to one address; a notice has no content and goes as it is."""
        assert isinstance(parcel.way, Webhook)
        if isinstance(parcel.letter, Notice):
            body, kind = msgspec.json.encode(parcel.letter), PLAIN
        else:
            body, kind = sealed(as_json(parcel.letter), parcel.way.key), SEALED
        headers = {"content-type": kind, "user-agent": "OpenHotline", **self.signed(parcel.id, body)}
        return outcome_of(ask(self.rules, "POST", parcel.way.url, headers, body))

    def signed(self, id: UUID, body: bytes) -> Mapping[str, str]:
        """The id is the same on every attempt; the time is when this one was made."""
        now = str(int(time.time()))
        signature = self.sign.sign(b"%b.%b.%b" % (str(id).encode(), now.encode(), body))
        return {
            "webhook-id": str(id),
            "webhook-timestamp": now,
            "webhook-signature": f"v1a,{base64.b64encode(signature).decode()}",
        }


def public_half(seed: bytes) -> str:
    """What a recipient checks signatures with, as Standard Webhooks spells it."""
    raw = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return f"whpk_{base64.b64encode(raw).decode()}"


def outcome_of(answer: Answer | Failed) -> Outcome:
    if isinstance(answer, Failed):
        return answer
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return Delivered(_receipt(answer.body))
    if answer.status < HTTPStatus.BAD_REQUEST:
        return Failed(Trouble.REDIRECTED, for_good=True)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Failed(Trouble.NO_ANSWER)
    return Failed(Trouble.REFUSED, for_good=answer.status not in LATER)


def _receipt(body: bytes) -> str:
    try:
        return receipt_of(msgspec.json.decode(body, type=Told).receipt)
    except msgspec.DecodeError:
        return ""
