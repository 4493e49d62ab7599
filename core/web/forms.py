"""Reading a form that anyone on the internet may send: bounded, linear, and nothing typed is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from starlette.requests import Request

from core.web.decoding import decoded
from core.web.salvage import salvaged

LIMIT = 8 * 1024 * 1024
PATIENCE = 4 * LIMIT  # read and dropped, so that a browser still sending gets to see the answer
MOST_FIELDS = 100
FORM = "application/x-www-form-urlencoded"


class Trouble(IntEnum):
    """Why a body is refused; the value is the status."""

    TOO_MANY_FIELDS = 400
    TOO_LARGE = 413
    WRONG_TYPE = 415


@dataclass(frozen=True, slots=True)
class Sent:
    """The known fields that were found, and what is wrong with the body, if anything."""

    fields: dict[str, str]
    trouble: Trouble | None = None


async def read_form(request: Request, names: Sequence[str], free_text: str) -> Sent:
    """The fields `names` of a form body. Only they are decoded; of a repeated one the first counts.

    A body that is refused still gives what was typed: of one that is too large its beginning; of one that
    is no form its text parts, or the whole of plain text and JSON as `free_text`.
    """
    body, is_whole = await read_body(request)
    sent = _read(body, request.headers.get("content-type", ""), names, free_text)
    return sent if is_whole else Sent(sent.fields, Trouble.TOO_LARGE)


async def read_body(request: Request, limit: int = LIMIT) -> tuple[bytes, bool]:
    """At most `limit` bytes of the body, and whether that is all of it."""
    chunks: list[bytes] = []
    length = 0
    async for chunk in request.stream():
        chunks.append(chunk[: max(0, limit - length)])
        length += len(chunk)
        if length > PATIENCE:
            break
    return b"".join(chunks), length <= limit


def parsed(body: bytes, names: Sequence[str]) -> dict[str, str]:
    """The first value of each name that is there. They are searched for: no list of all fields is made."""
    body = b"&" + body
    found = {}
    for name in names:
        key = b"&" + name.encode() + b"="
        start = body.find(key)
        if start >= 0:
            end = body.find(b"&", start + len(key))
            found[name] = decoded(body[start + len(key) : end if end >= 0 else None])
    return found


def _read(body: bytes, content_type: str, names: Sequence[str], free_text: str) -> Sent:
    if content_type.partition(";")[0].strip().lower() != FORM:
        return Sent(salvaged(body, content_type, names, free_text), Trouble.WRONG_TYPE)
    too_many = body.count(b"&") >= MOST_FIELDS
    return Sent(parsed(body, names), Trouble.TOO_MANY_FIELDS if too_many else None)
