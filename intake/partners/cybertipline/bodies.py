"""Reading bodies: bounded in bytes and in time, and refused before they are read when they say they are too long."""

import re
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from core.web.forms import FORM, parsed
from intake.partners.cybertipline.answers import Code
from intake.partners.cybertipline.multipart import Broken, Form
from intake.partners.patience import pieces

XML_TYPES = ("text/xml", "application/xml")
MULTIPART = "multipart/form-data"
FORM_BYTES = 16 * 1024
MUCH_TOO_LONG = 4  # times what is read


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a body is not taken."""

    code: Code
    why: str
    status: int = 0


SLOW = Refusal(Code.INVALID_REQUEST, "it came too slowly", 408)
COMPRESSED = Refusal(Code.INVALID_REQUEST, "send it as it is, not compressed", 415)
NO_FORM = Refusal(Code.INVALID_REQUEST, "send a form with id", 415)
NO_NUMBER = Refusal(Code.INVALID_REQUEST, "id must be the number of a report")


def media_type(request: Request) -> tuple[str, dict[str, str]]:
    """The content type in small letters, and its parameters."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in options.items()}
    return kind.decode("latin-1"), named


def is_compressed(request: Request) -> bool:
    return request.headers.get("content-encoding", "identity").strip().lower() != "identity"


async def read_xml(request: Request, limit: int) -> bytes | Refusal:
    """The body of a request that says it is XML in UTF-8."""
    kind, options = media_type(request)
    if kind not in XML_TYPES:
        return Refusal(Code.INVALID_REQUEST, "Content-Type must be text/xml; charset=utf-8", 415)
    if options.get("charset", "utf-8").strip().lower() not in ("utf-8", "utf8"):
        return Refusal(Code.MALFORMED_XML, "only UTF-8 is read")
    return COMPRESSED if is_compressed(request) else await read_whole(request, limit)


async def read_id(request: Request) -> int | Refusal:
    """The `id` of a form, of either kind that clients make."""
    kind, options = media_type(request)
    if kind not in (FORM, MULTIPART):
        return NO_FORM
    body = COMPRESSED if is_compressed(request) else await read_whole(request, FORM_BYTES)
    if isinstance(body, Refusal):
        return body
    return number_of(parsed(body, ("id",)).get("id", "") if kind == FORM else _id_in(body, options))


def number_of(text: str) -> int | Refusal:
    """The number of a report, or why it is none."""
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) and int(text) < 2**63 else NO_NUMBER


async def read_whole(request: Request, limit: int) -> bytes | Refusal:
    """At most `limit` bytes, that come steadily. Nothing of a longer body is kept.

    One that is a little too long is read to its end and dropped, so that its sender gets to see why.
    """
    too_long = Refusal(Code.INVALID_REQUEST, f"at most {limit} bytes are read here", 413)
    said = request.headers.get("content-length", "0")
    if said.isdigit() and int(said) > MUCH_TOO_LONG * limit:
        return too_long
    try:
        body, length = await _at_most(request, limit)
    except TimeoutError:
        return SLOW
    return body if length <= limit else too_long


async def _at_most(request: Request, limit: int) -> tuple[bytes, int]:
    """The beginning of the body, and how long it is or was when reading ended."""
    body, length = bytearray(), 0
    async for piece in pieces(request):
        length += len(piece)
        if length <= limit:
            body += piece
        elif length > MUCH_TOO_LONG * limit:
            break
    return bytes(body), length


def _id_in(body: bytes, options: dict[str, str]) -> str:
    """That of a multipart form; empty when the form is broken."""
    form = Form(take=lambda _: None)
    try:
        form.open(options.get("boundary", ""))
        form.feed(body)
    except Broken:
        return ""
    return form.id if form.ended else ""
