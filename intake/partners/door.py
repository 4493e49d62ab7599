"""What the doors that take JSON have in common: who knocks, how much they may send, what they are told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import wraps

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from core.errors import CannotStore
from core.log import raised
from intake.desk import Desk
from intake.partners import problems, signing
from intake.partners.completeness import NEEDS
from intake.partners.known import Partner, PartnersDown
from intake.partners.problems import Problem, answer
from intake.partners.quota import Quotas
from intake.partners.reading import read_pieces
from intake.partners.retries import Retry
from intake.partners.signing import BodyDigest
from intake.partners.wire import Accepted, Advice, Completeness
from intake.partners.xarf_payloads import Sieve
from intake.submission import Submission, Taken

LONGEST_SECRET = 200
CREATED = 201
Endpoint = Callable[[Request], Awaitable[Response]]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Knock:
    """A known partner and all that it sent."""

    partner: Partner
    body: bytes


@dataclass(frozen=True)
class Door:
    """Lets a partner put something in, and nothing out."""

    desk: Desk
    quotas: Quotas = field(default_factory=Quotas)

    async def open_to(self, request: Request, limit: int, sieve: Sieve | None = None) -> Knock | Problem:
        """Who it is, before a byte of the body is read; then the body, or what a sieve leaves. Raises PartnersDown."""
        partner = await self._who(request)
        if isinstance(partner, Problem):
            return partner
        digest, chunks = BodyDigest(signing.is_signed(request)), list[bytes]()
        sinks = (sieve.feed if sieve else chunks.append, digest.feed)
        if problem := await read_pieces(request, limit, sinks):
            return problem
        body = sieve.finish() if sieve else b"".join(chunks)
        return self._unsigned(request, partner, digest) or Knock(partner, body)

    def over_quota(self, partner: Partner) -> Problem | None:
        """Counts one report; a problem when it is one too many."""
        if self.quotas.take(partner.id, partner.quota_per_minute):
            return None
        return problems.OVER_QUOTA(f"At most {partner.quota_per_minute} a minute; see Retry-After.")

    def refusal(self, problem: Problem, partner: Partner | None = None) -> Response:
        """The problem as an answer; over quota, with when to come again."""
        if partner and problem.status == problems.OVER_QUOTA.status:
            wait = self.quotas.wait(partner.id, partner.quota_per_minute)
            return answer(problem, {"retry-after": str(wait)})
        return answer(problem)

    async def keep(self, retry: Retry, submission: Submission) -> Accepted | Problem:
        """Seal, store, and only then say so."""
        report, receipt = self.desk.seal_for_partner(retry, submission)
        accepted = Accepted(receipt, completeness_of(submission))
        try:
            taken = await self.desk.take(report)
        except CannotStore:
            return problems.NOT_STORED()
        return REFUSALS[taken]() if taken in REFUSALS else accepted

    async def _who(self, request: Request) -> Partner | Problem:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or len(secret) > LONGEST_SECRET:
            return problems.NO_CREDENTIALS()
        partner = await self.desk.partners.by_api_key(secret.strip())
        if partner is None:
            return problems.NO_CREDENTIALS()
        return problems.QUARANTINED() if partner.quarantined else partner

    def _unsigned(self, request: Request, partner: Partner, digest: BodyDigest) -> Problem | None:
        """A signature that does not hold, or is not there and must be."""
        if not signing.is_signed(request):
            return problems.BAD_SIGNATURE("This partner's requests must be signed.") if partner.must_sign else None
        scheme = self.desk.settings.address.partition(":")[0]
        return None if signing.holds(request, scheme, partner, digest) else problems.BAD_SIGNATURE()


REFUSALS = {Taken.CONFLICT: problems.KEY_USED, Taken.QUARANTINED: problems.QUARANTINED}


def completeness_of(submission: Submission) -> Completeness:
    """As advice to who sent it."""
    advice = tuple(Advice(missing, NEEDS[missing].why) for missing in submission.details.missing)
    return Completeness(submission.completeness or 0, advice)


def edge(endpoint: Endpoint) -> Endpoint:
    """The outermost edge of a door: whatever goes wrong inside, who knocks is told in the door's own form."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:
            raise
        except PartnersDown:
            return answer(problems.NOT_STORED())
        except Exception as error:  # the edge of a request: nothing of it may be told outside
            log.error("door.unexpected", error=raised(error))
            return answer(problems.UNEXPECTED())

    return guarded


def as_json(value: msgspec.Struct, status: int = CREATED) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
