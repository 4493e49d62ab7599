"""What an operator gives of itself: where its pages are, and its public keys."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from jwt import PyJWK, PyJWTError

from core.errors import HotlineError

PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+")  # a name in letters beyond these is written in its xn-- form
CURVES = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256"}


class NotAnOrigin(HotlineError):
    """An origin is a scheme and a host, with a port if it is unusual: https://chat.example."""


class NotKeys(HotlineError):
    """A key file is a JSON Web Key Set of public Ed25519 or P-256 keys, each with a `kid` of its own."""


def origin_of(given: str) -> str:
    """As a browser writes it: lower case, no usual port. Raises NotAnOrigin."""
    try:
        parts = urlsplit(given.strip().lower())
        port = parts.port
    except ValueError:
        raise NotAnOrigin from None
    host = parts.hostname or ""
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host) or not bare:
        raise NotAnOrigin(f"{given!r} is no origin. {NotAnOrigin.__doc__}")
    host = f"[{host}]" if ":" in host else host
    usual = port in (None, {"http": 80, "https": 443}[parts.scheme])
    return f"{parts.scheme}://{host}" + ("" if usual else f":{port}")


def read_jwks(path: Path) -> dict[str, object]:
    """A partner's public keys. Raises NotKeys, also for a private key: it must stay where it is."""
    try:
        keys = json.loads(path.read_bytes())["keys"]
        known = [str(key["kid"]) for key in keys if (key["kty"], key["crv"]) in CURVES and not PRIVATE & key.keys()]
        for key in keys:
            PyJWK(key, CURVES[key["kty"], key["crv"]])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, PyJWTError):
        raise NotKeys(f"{path.name} cannot be used. {NotKeys.__doc__}") from None
    if not keys or len(set(known)) != len(keys):
        raise NotKeys(f"{path.name} cannot be used. {NotKeys.__doc__}")
    return {"keys": keys}
