"""The JSON door: one report, or a batch of them, each taken or refused by itself."""

import asyncio
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.vocabulary import Channel
from intake.partners import problems
from intake.partners.decoding import converted, decoded, problems_in
from intake.partners.door import CREATED, Door, as_json, edge
from intake.partners.known import Partner
from intake.partners.problems import Flaw, Problem
from intake.partners.reading import LIMIT, parsed
from intake.partners.retries import KEY_HEADER, Retry, key_in, retry_of
from intake.partners.telling import to_submission
from intake.partners.wire import MOST_IN_A_BATCH, Accepted, IdempotencyKey, Outcome, Outcomes, Report, Wire

BATCH_LIMIT = 8 * LIMIT


class Unread(Wire, frozen=True):
    """A report of a batch that is not looked into yet, so that one that is wrong spoils no other."""

    idempotency_key: IdempotencyKey
    report: object


class UnreadBatch(Wire, frozen=True):
    reports: Annotated[tuple[Unread, ...], msgspec.Meta(min_length=1, max_length=MOST_IN_A_BATCH)]


@dataclass(frozen=True)
class Reports:
    """`/api/v1/reports` and its batch."""

    door: Door

    def routes(self) -> list[Route]:
        return [
            Route("/api/v1/reports", edge(self.take_one), methods=["POST"]),
            Route("/api/v1/reports/batch", edge(self.take_batch), methods=["POST"]),
        ]

    async def take_one(self, request: Request) -> Response:
        """Store one report under the key in its header."""
        knock = await self.door.open_to(request, LIMIT)
        if isinstance(knock, Problem):
            return self.door.refusal(knock)
        key = key_in(request.headers.get(KEY_HEADER, ""))
        if key is None:
            return self.door.refusal(problems.NO_KEY("1 to 200 printable ASCII characters, one key for each report."))
        if over := self.door.over_quota(knock.partner):
            return self.door.refusal(over, knock.partner)
        value = parsed(knock.body)
        if isinstance(value, Problem):
            return self.door.refusal(value)
        taken = await self._take(knock.partner, key, value, knock.body.decode())
        return self.door.refusal(taken) if isinstance(taken, Problem) else as_json(taken)

    async def take_batch(self, request: Request) -> Response:
        """Store each report under the key that stands beside it; the answer tells of each."""
        knock = await self.door.open_to(request, BATCH_LIMIT)
        if isinstance(knock, Problem):
            return self.door.refusal(knock)
        batch = decoded(knock.body, UnreadBatch)
        if isinstance(batch, Problem):
            return self.door.refusal(batch)
        outcomes = await asyncio.gather(
            *(self._outcome(knock.partner, number, item) for number, item in enumerate(batch.reports))
        )
        return as_json(Outcomes(tuple(outcomes)), status=200)

    async def _outcome(self, partner: Partner, number: int, item: Unread) -> Outcome:
        key = item.idempotency_key
        source = msgspec.json.encode(item.report).decode()
        taken = self.door.over_quota(partner) or await self._take(partner, key, item.report, source)
        if isinstance(taken, Accepted):
            return Outcome(key, CREATED, accepted=taken)
        errors = tuple(Flaw(f"/reports/{number}/report{flaw.pointer}", flaw.detail) for flaw in taken.errors)
        return Outcome(key, taken.status, problem=msgspec.structs.replace(taken, errors=errors))

    async def _take(self, partner: Partner, key: str, value: object, source: str) -> Accepted | Problem:
        report = read(value, source)
        if isinstance(report, Problem):
            return report
        return await self.door.keep(self._retry(partner.id, key, report), to_submission(report, partner.id, source))

    def _retry(self, partner: UUID, key: str, report: Report) -> Retry:
        """The same report is the same however its JSON is laid out."""
        content = msgspec.msgpack.encode(report)
        return retry_of(self.door.desk.keys.partner, partner, Channel.API, key, content)


def read(value: object, source: str) -> Report | Problem:
    """A whole report out of parsed JSON; `source` is its text."""
    if len(source.encode()) > LIMIT:
        return problems.TOO_LARGE(f"At most {LIMIT} bytes are taken for one report.")
    report = converted(value, Report)
    if isinstance(report, Problem):
        return report
    flaws = problems_in(report)
    return problems.INVALID(errors=flaws) if flaws else report
