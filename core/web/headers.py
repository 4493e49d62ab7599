"""What every answer carries, whoever made it: static files, redirects, errors, all of them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header = tuple[bytes, bytes]

UNFRAMED = "frame-ancestors 'none'"
NOTHING = f"default-src 'none'; base-uri 'none'; {UNFRAMED}; form-action 'self'; "
LOOKS = "style-src 'self'; img-src 'self'; "
NO_SCRIPTS = "script-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
OWN_SCRIPTS = "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
NONCE_SCRIPTS = "script-src 'nonce-{nonce}' 'strict-dynamic'; connect-src 'self'; require-trusted-types-for 'script'"

DENIED = """
accelerometer autoplay browsing-topics camera clipboard-read clipboard-write compute-pressure
cross-origin-isolated display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid
identity-credentials-get idle-detection keyboard-map local-fonts magnetometer microphone midi
otp-credentials payment picture-in-picture private-state-token-issuance
private-state-token-redemption publickey-credentials-create publickey-credentials-get
screen-wake-lock serial storage-access sync-xhr unload usb window-management xr-spatial-tracking
"""

ALWAYS: tuple[Header, ...] = (
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{feature}=()" for feature in DENIED.split()).encode()),
    (b"x-dns-prefetch-control", b"off"),
    (b"cache-control", b"no-store"),
)
ISOLATED: Header = (b"cross-origin-embedder-policy", b"require-corp")


@dataclass(frozen=True)
class Policy:
    """What a face lets the browser do. `content` may hold `{nonce}`: then each answer has its own."""

    content: str
    extra: tuple[Header, ...] = ()

    @classmethod
    def public(cls) -> Self:
        """Scripts that are files of this site, and nothing they could load."""
        return cls(NOTHING + LOOKS + OWN_SCRIPTS)

    @classmethod
    def console(cls) -> Self:
        """Scripts that carry `scope["csp_nonce"]`, and what they load; isolated from other sites."""
        return cls(NOTHING + LOOKS + NONCE_SCRIPTS, (ISOLATED,))

    def framed_by(self, origins: Sequence[str]) -> Self:
        """The same in frames of these origins' pages; without any in none."""
        ancestors = " ".join(origins) or "'none'"
        return replace(self, content=self.content.replace(UNFRAMED, f"frame-ancestors {ancestors}"))

    def written(self, https: bool) -> str:
        """The header's value."""
        return self.content + ("; upgrade-insecure-requests" if https else "")


class SecureHeaders:
    """ASGI middleware, outermost. A header the application set itself is left as it is."""

    def __init__(self, app: ASGIApp, policy: Policy, https: bool) -> None:
        self.app = app
        self.content = policy.written(https)
        self.fresh = "{nonce}" in self.content
        self.fixed = (*ALWAYS, *policy.extra)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = (*self.fixed, (b"content-security-policy", self._content_for(scope)))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _completed(list(message.get("headers", ())), headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _content_for(self, scope: Scope) -> bytes:
        if not self.fresh:
            return self.content.encode()
        scope["csp_nonce"] = secrets.token_urlsafe(16)
        return self.content.replace("{nonce}", scope["csp_nonce"]).encode()


def _completed(given: list[Header], wanted: tuple[Header, ...]) -> list[Header]:
    present = {name.lower() for name, _ in given}
    return given + [header for header in wanted if header[0] not in present]
