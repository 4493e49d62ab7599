"""Opening a report, finishing it and retracting it; and who one is, and what may be sent."""

import secrets
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from core.cybertipline.grammar.report import REPORT, is_batched
from core.cybertipline.node import Node
from core.cybertipline.schema import schema
from intake.partners.completeness import measured
from intake.partners.cybertipline.answers import XML, Code, answer, done, status_of
from intake.partners.cybertipline.bodies import Refusal, read_id
from intake.partners.cybertipline.conversion import submission_of
from intake.partners.cybertipline.documents import document_in
from intake.partners.cybertipline.door import Door
from intake.partners.cybertipline.posts import DONE, NUMBER_TAKEN, Act, Change
from intake.partners.cybertipline.refusals import refused, shut_out, told
from intake.partners.known import Partner

LEAST_NUMBER, MOST_NUMBER = 10**9, 2**53 - 1  # any client's language can hold it
TRIES = 3


async def status(door: Door, request: Request, partner: Partner) -> Response:
    """That a client can reach the door and is known."""
    return status_of(partner.username, request.client.host if request.client else "")


async def xsd(door: Door, request: Request, partner: Partner) -> Response:
    """What may be sent here, as a schema of our own."""
    return Response(schema(), headers={"content-type": XML})


async def submit(door: Door, request: Request, partner: Partner) -> Response:
    """Open a report."""
    if not door.quotas.take(partner.id, partner.quota_per_minute):
        wait = {"retry-after": str(door.quotas.wait(partner.id, partner.quota_per_minute))}
        return answer(Code.SERVER_ERROR, "too many reports; see Retry-After", status=429, headers=wait)
    document = await document_in(request, REPORT)
    if isinstance(document, Response):
        return document
    return await _open(door, request, partner, *document)


async def finish(door: Door, request: Request, partner: Partner) -> Response:
    """Make it a report like any other, with its files; nothing can be added any more."""
    number = await read_id(request)
    if isinstance(number, Refusal):
        return refused(number)
    outcome = await door.desk.letterbox.post(Change(Act.FINISH, number, partner.id, uuid4()))
    word, *files = outcome.split()
    return done(number, files) if word == DONE else told(request, word)


async def retract(door: Door, request: Request, partner: Partner) -> Response:
    """Delete what was sealed, as long as it is not finished."""
    number = await read_id(request)
    if isinstance(number, Refusal):
        return refused(number)
    outcome = await door.desk.letterbox.post(Change(Act.RETRACT, number, partner.id, uuid4()))
    word = outcome.split()[0]
    return answer(Code.SUCCESS, report=number) if word == DONE else told(request, word)


async def _open(door: Door, request: Request, partner: Partner, report: Node, text: str) -> Response:
    """Under a random number. One that is taken already is not used; nobody learns that it was."""
    for _ in range(TRIES):
        number = LEAST_NUMBER + secrets.randbelow(MOST_NUMBER - LEAST_NUMBER)
        submission = measured(submission_of(report, text, partner.id, number))
        outcome = await door.desk.letterbox.post(door.desk.seal_opening(number, submission, is_batched(report)))
        if outcome != NUMBER_TAKEN:
            return answer(Code.SUCCESS, report=number) if outcome == DONE else shut_out(request)
    return answer(Code.SAVE_FAILED, "try again")
