"""Who a partner is: asked of the database by a secret or a code, one at a time, and remembered for a few seconds.

What is compared is a keyed hash of the secret, so how long it takes says nothing of any secret.
"""

import asyncio
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import structlog

from core.credentials import secret_hash
from core.errors import HotlineError
from core.vocabulary import CredentialKind
from intake.letterbox import LOST

SECONDS = 3.0  # for so long a revoked secret, or a quarantine, is not noticed by the pages of the tab
PATIENCE = 2.0
MOST_UNKNOWN = 4_096  # secrets and codes of nobody that are remembered
WAITING = 64  # more than that are asked to come back
BY_SECRET = "SELECT * FROM partner_by_secret($1)"  # noqa: S105  # a question, no secret
BY_CODE = "SELECT * FROM partner_by_code($1)"
log = structlog.get_logger()

Jwk = dict[str, Any]


class PartnersDown(HotlineError):
    """Nobody can be recognised just now; nothing was taken."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An operator. `keys` are its public keys (RFC 7517), to sign with; `origins` may embed the tab."""

    id: UUID
    code: str
    name: str
    username: str
    origins: tuple[str, ...]
    keys: tuple[Jwk, ...]
    must_sign: bool
    quota_per_minute: int
    tells_submitted: bool
    quarantined: bool
    kind: CredentialKind | None = None

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Partner":
        facts = dict(row)
        keys = msgspec.json.decode(facts.pop("jwks") or "{}", type=dict[str, list[Jwk]]).get("keys", [])
        kind = facts.pop("kind")
        origins = tuple(facts.pop("origins"))
        return cls(**facts, origins=origins, keys=tuple(keys), kind=CredentialKind(kind) if kind else None)


Answer = tuple[float, Partner | None]


class Partners:
    """Answers from memory for SECONDS, otherwise from the database. `now` is in seconds."""

    def __init__(self, database_url: str, key: bytes, now: Callable[[], float] = time.monotonic) -> None:
        self._url = database_url
        self._key = key
        self._now = now
        self._known: dict[tuple[str, object], Answer] = {}
        self._unknown: dict[tuple[str, object], Answer] = {}
        self._connection: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()
        self._looking = 0

    async def by_api_key(self, api_key: str) -> Partner | None:
        """Whose live key this is. Raises PartnersDown."""
        return await self._by_secret(api_key, CredentialKind.API_KEY)

    async def by_password(self, username: str, password: str) -> Partner | None:
        """Whose live password this is, if it is that of `username`. Raises PartnersDown."""
        partner = await self._by_secret(password, CredentialKind.PASSWORD)
        same = hmac.compare_digest((partner.username if partner else "").encode(), username.encode())
        return partner if same else None

    async def by_code(self, code: str) -> Partner | None:
        """The partner of this code, quarantined or not. Raises PartnersDown."""
        return await self._remembered(BY_CODE, code[:100])

    async def close(self) -> None:
        if self._connection:
            self._connection.terminate()

    async def _by_secret(self, secret: str, kind: CredentialKind) -> Partner | None:
        partner = await self._remembered(BY_SECRET, secret_hash(self._key, secret))
        return partner if partner and partner.kind is kind else None

    async def _remembered(self, query: str, wanted: bytes | str) -> Partner | None:
        if (answer := self._recall(query, wanted)) is None:
            answer = await self._ask(query, wanted)
        return answer[1]

    def _recall(self, query: str, wanted: object) -> Answer | None:
        place = query, wanted
        answer = self._known.get(place) or self._unknown.get(place)
        return answer if answer and answer[0] > self._now() else None

    async def _ask(self, query: str, wanted: bytes | str) -> Answer:
        """One question at a time over one connection: whoever waited for the same answer finds it remembered."""
        if self._looking >= WAITING:
            raise PartnersDown
        self._looking += 1
        try:
            async with self._turn:
                return self._recall(query, wanted) or self._remember(query, wanted, await self._look(query, wanted))
        finally:
            self._looking -= 1

    def _remember(self, query: str, wanted: object, partner: Partner | None) -> Answer:
        """Those of nobody stand apart, so that guessing pushes no partner out."""
        answer = self._now() + SECONDS, partner
        (self._known if partner else self._unknown)[query, wanted] = answer
        (self._unknown if partner else self._known).pop((query, wanted), None)
        if len(self._unknown) > MOST_UNKNOWN:
            self._unknown.pop(next(iter(self._unknown)))
        return answer

    async def _look(self, query: str, wanted: bytes | str) -> Partner | None:
        for last in (False, True):
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await asyncpg.connect(self._url, timeout=PATIENCE)
                row = await self._connection.fetchrow(query, wanted, timeout=PATIENCE)
            except asyncpg.DataError:
                return None  # a code with a NUL in it is nobody's
            except LOST as error:
                await self.close()
                self._connection = None
                if last:
                    log.warning("partners.failed", error=type(error).__name__)
                    raise PartnersDown from None
            else:
                return Partner.of(row) if row else None
        raise AssertionError
