"""A body that must be one document of the form: read, checked, or refused."""

import asyncio
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from core.cybertipline.checking import check
from core.cybertipline.grammar.shapes import Element
from core.cybertipline.node import Node
from core.cybertipline.reading import BYTES, Unreadable, read
from intake.partners.cybertipline.answers import Code, answer
from intake.partners.cybertipline.bodies import Refusal, read_xml
from intake.partners.cybertipline.refusals import refused

INLINE = 32 * 1024  # a document this long is read in a moment; a longer one in a thread


async def document_in(request: Request, wanted: Element) -> tuple[Node, str] | Response:
    """The document and its text as it came, or the answer that refuses it."""
    body = await read_xml(request, BYTES)
    if isinstance(body, Refusal):
        return refused(body)
    found = _checked(body, wanted) if len(body) < INLINE else await asyncio.to_thread(_checked, body, wanted)
    return found if isinstance(found, Response) else (found, body.decode("utf-8-sig"))


def _checked(body: bytes, wanted: Element) -> Node | Response:
    node = read(body)
    if isinstance(node, Unreadable):
        return answer(Code.MALFORMED_XML, node.why)
    problems = check(node, wanted, datetime.now(UTC))
    return answer(Code.VALIDATION_FAILED, "; ".join(map(str, problems))) if problems else node
