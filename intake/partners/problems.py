"""Problems: what a door says when it does not take something (RFC 9457), and how it says it to who is still sending."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PROBLEM = "application/problem+json"
URN = "urn:openhotline:problem:"
LINGER_BYTES = 4 * 1024 * 1024  # read and dropped, so that who is still sending gets to see the answer
LINGER_SECONDS = 1.0
UNREAD = frozenset({401, 403, 404, 405, 408, 413, 415, 500})  # said before all of a body was read: the line closes


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong, and where: a JSON pointer (RFC 6901) into what was sent."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The document of RFC 9457. `type` is a URN that stays the same; `detail` is for a person."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of problem."""

    name: str
    status: int
    title: str

    def __call__(self, detail: str = "", errors: Sequence[Flaw] = ()) -> Problem:
        return Problem(URN + self.name, self.title, self.status, detail, tuple(errors))


NO_CREDENTIALS = Reason("credentials", 401, "These credentials are not known, or not live any more")
BAD_SIGNATURE = Reason("signature", 401, "The signature of this request does not hold")
QUARANTINED = Reason("quarantine", 403, "This partner is shut out for now; talk to the hotline")
OVER_QUOTA = Reason("quota", 429, "More than this partner may send in a minute")
NOT_JSON_TYPE = Reason("content-type", 415, "The body must be application/json in UTF-8, as it is, not compressed")
TOO_LARGE = Reason("too-large", 413, "The body is too large")
TOO_SLOW = Reason("too-slow", 408, "The body did not come, or came too slowly")
MALFORMED = Reason("malformed", 400, "The body is not the JSON that is taken here")
TOO_DEEP = Reason("too-deep", 400, "The body is nested too deeply")
INVALID = Reason("invalid", 422, "Something in it is not as it must be")
NO_KEY = Reason("idempotency-key", 400, "An Idempotency-Key is needed, so that sending again changes nothing")
KEY_USED = Reason("idempotency-key-used", 422, "This Idempotency-Key was used for another report")
NOT_ACCEPTED = Reason("not-accepted", 422, "This door takes other reports")
NOT_STORED = Reason("not-stored", 503, "It could not be stored just now; send it again with the same key")
UNEXPECTED = Reason("unexpected", 500, "Something went wrong here; send it again with the same key")
NOT_FOUND = Reason("not-found", 404, "There is nothing at this address")
WRONG_METHOD = Reason("method", 405, "This address takes another method")
REASONS = tuple(reason for reason in globals().values() if isinstance(reason, Reason))

ALWAYS: Mapping[int, Mapping[str, str]] = {
    401: {"www-authenticate": 'Bearer realm="OpenHotline"'},
    415: {"accept": "application/json", "accept-encoding": "identity"},
    503: {"retry-after": "5"},
    500: {"retry-after": "5"},
}


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a response."""
    more = {**ALWAYS.get(problem.status, {}), **(headers or {})}
    if problem.status not in UNREAD:
        return Response(msgspec.json.encode(problem), problem.status, more, PROBLEM)
    more["connection"] = "close"
    return LingeringResponse(msgspec.json.encode(problem), problem.status, more, PROBLEM)


class LingeringResponse(Response):
    """Answers at once, then reads a little on: a line closed on somebody who is still sending loses the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                await _drop(receive)
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b""})


async def _drop(receive: Receive) -> None:
    left = LINGER_BYTES
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if not message.get("more_body", False):
            return
