"""What a messenger's server signs for the hotline; docs/tab.md tells the same to operators."""

import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.keys import write
from ops.messenger.chat import PEOPLE, Chat, Said

KID = "demo-1"
MINUTES = 5


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in this file, made on first use; its owner alone reads it."""
    write(path, lambda: Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text()))


def public_keys(key: Ed25519PrivateKey) -> dict[str, object]:
    """Its public half as a JWK Set, for `hotline partner add --jwks`."""
    public = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {"keys": [{**public, "kid": KID, "alg": "EdDSA", "use": "sig"}]}


def sign_context(
    key: Ed25519PrivateKey, issuer: str, audience: str, chat: Chat, reporter: str, picked: Sequence[Said]
) -> str:
    """A token that says which chat and whose account `reporter` looks at, with the messages they picked."""
    now = int(time.time())
    other = next(person for person in PEOPLE if person != reporter)
    claims = {
        "iss": issuer,
        "aud": audience,
        "iat": now,
        "exp": now + MINUTES * 60,
        "jti": str(uuid4()),
        "ctx": {
            "service": "Demo messenger",
            "conversation_id": chat.id,
            "reported": {"id": f"user-{other}", "handle": f"@{other}"},
            "reported_role": "contact",
            "messages": [
                {"id": said.id, "sender": f"@{said.sender}", "at": said.at, "text": said.text} for said in picked
            ],
        },
    }
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": KID})
