"""A real SMTP server on loopback, in whatever mood a test wants it."""

import asyncio
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, syntax

from core.settings import Settings
from ops.embedded.ports import free_port
from triage.referrals.email import Post

LOGIN = LoginPassword(b"desk", b"open sesame")


@dataclass
class Mailroom:
    """What came. `mood` is kind, refusing, busy, unknown (the recipient is), dropping (after DATA), midway (dropping
    within it), slow (it takes nothing), or late (it takes it, and says so too late).
    """

    mood: str = "kind"
    came: list[Envelope] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == "unknown":
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mood == "slow":
            await asyncio.sleep(30)
        if self.mood in ("refusing", "busy"):
            return "554 not wanted" if self.mood == "refusing" else "451 later"
        self.came.append(envelope)
        assert server.transport
        self.secured.append(server.transport.get_extra_info("ssl_object") is not None)
        self.at.append(time.monotonic())
        if self.mood == "late":
            await asyncio.sleep(30)
        if self.mood == "dropping":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return f"250 queued as {len(self.came)}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=default) for content in self.raw]

    @property
    def raw(self) -> list[bytes]:
        return [envelope.original_content or b"" for envelope in self.came]


class Clerk(SMTP):
    """The server; half way through a message it may leave."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.mood != "midway":
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.readline()
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()
        await asyncio.sleep(30)  # until it is known that the line is gone; what else was said is no command


class Counter(Controller):
    """Where the clerk serves."""

    def factory(self) -> SMTP:
        return Clerk(self.handler, **self.SMTP_kwargs)


@dataclass
class Office:
    """The server's port, and what came there."""

    port: int
    room: Mailroom

    def post(self, seconds: float = 5.0, tls: ssl.SSLContext | None = None, security: str = "none") -> Post:
        """Our side of it."""
        context = tls or ssl.create_default_context()
        return Post("127.0.0.1", self.port, security, None, None, "desk@hotline.example", "Hotline", seconds, context)

    def settings(self, settings: Settings, seconds: int = 3) -> Settings:
        return msgspec.structs.replace(
            settings,
            smtp_host="127.0.0.1",
            smtp_port=self.port,
            smtp_tls="none",
            smtp_from="desk@hotline.example",
            answer_seconds=seconds,
            private_addresses=True,
        )


@contextmanager
def an_office(
    mood: str = "kind", tls: ssl.SSLContext | None = None, starttls: bool = False, log_in: bool = False
) -> Iterator[Office]:
    """Open until the block ends; `tls` alone is implicit TLS."""
    room = Mailroom(mood)

    def known(*arguments: object) -> AuthResult:
        return AuthResult(success=arguments[-1] == LOGIN)

    server = Counter(
        room,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=None if starttls else tls,
        tls_context=tls if starttls else None,
        require_starttls=starttls,
        auth_required=log_in,
        auth_require_tls=False,
        authenticator=known,
    )
    server.start()
    try:
        yield Office(server.port, room)
    finally:
        server.stop(no_assert=True)
