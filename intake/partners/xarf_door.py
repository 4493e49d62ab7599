"""The XARF door: reports of child abuse material and of exploitation, as abuse desks already write them."""

import asyncio
import hashlib
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.vocabulary import Channel
from intake.partners import problems
from intake.partners.door import Door, as_json, edge
from intake.partners.known import Partner
from intake.partners.problems import Problem
from intake.partners.reading import LIMIT, Json, parsed
from intake.partners.retries import Retry, retry_of
from intake.partners.wire import Accepted
from intake.partners.xarf_payloads import Sieve
from intake.partners.xarf_reading import Read, read
from intake.partners.xarf_telling import to_submission

WHOLE_LIMIT = 64 * 1024 * 1024  # with its evidence, of which nothing is kept


@dataclass(frozen=True)
class XarfDoor:
    """`/api/v1/xarf`. A report's own id is its idempotency key."""

    door: Door

    def routes(self) -> list[Route]:
        return [Route("/api/v1/xarf", edge(self.take), methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """Store one report; its evidence is hashed on the way in and dropped."""
        sieve = Sieve()
        knock = await self.door.open_to(request, WHOLE_LIMIT, sieve)
        if isinstance(knock, Problem):
            return self.door.refusal(knock)
        if over := self.door.over_quota(knock.partner):
            return self.door.refusal(over, knock.partner)
        taken = await self._take(knock.partner, knock.body, sieve)
        return self.door.refusal(taken) if isinstance(taken, Problem) else as_json(taken)

    async def _take(self, partner: Partner, body: bytes, sieve: Sieve) -> Accepted | Problem:
        if len(body) > LIMIT:
            return problems.TOO_LARGE(f"Without its evidence a report has at most {LIMIT} bytes.")
        value = parsed(body)
        if isinstance(value, Problem):
            return value
        if not isinstance(value, dict):
            return problems.MALFORMED("A report is an object.")
        source = msgspec.json.encode(value).decode() if sieve.drop_from(value) else body.decode()
        found = await asyncio.to_thread(read, value)
        if isinstance(found, Problem):
            return found
        submission = to_submission(found.report, sieve.hashes, partner.id, source)
        kept = await self.door.keep(self._retry(partner, found, value), submission)
        return kept if isinstance(kept, Problem) else msgspec.structs.replace(kept, warnings=found.warnings)

    def _retry(self, partner: Partner, found: Read, value: Json) -> Retry:
        """Version 3 has no ids: the same content is the same report."""
        content = msgspec.msgpack.encode(value)
        key = hashlib.sha256(content).hexdigest() if found.is_old else str(found.report["report_id"])
        return retry_of(self.door.desk.keys.partner, partner.id, Channel.XARF, key, content)
