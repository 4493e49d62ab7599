"""Reading JSON from somebody else's server: bounded in size, depth and time, and one meaning only.

What two readers could understand differently is refused: a key twice, NaN, another encoding, a compressed body.
"""

import json
import re
from collections.abc import Callable, Sequence
from math import isinf
from typing import NoReturn

from starlette.requests import Request

from intake.partners import problems
from intake.partners.patience import pieces
from intake.partners.problems import Problem

LIMIT = 256 * 1024
DEEPEST = 20
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_OTHERS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_JSON = re.compile(r'application/json\s*(?:;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


async def read_pieces(request: Request, limit: int, sinks: Sequence[Callable[[bytes], object]]) -> Problem | None:
    """Give each piece of a body that says it is plain JSON to all `sinks`; one says True when it holds too much."""
    if problem := refused_by_headers(request, limit):
        return problem
    length = 0
    try:
        async for piece in pieces(request):
            length += len(piece)
            if length > limit:
                return problems.TOO_LARGE(f"At most {limit} bytes are taken.")
            if [True for sink in sinks if sink(piece) is True]:
                return problems.TOO_LARGE()
    except TimeoutError:
        return problems.TOO_SLOW()
    return None


def refused_by_headers(request: Request, limit: int) -> Problem | None:
    """What its headers alone already rule out."""
    headers = request.headers
    plain = headers.get("content-encoding", "identity").strip().lower() in ("", "identity")
    if not plain or not _JSON.fullmatch(headers.get("content-type", "").strip()):
        return problems.NOT_JSON_TYPE()
    declared = headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        return problems.TOO_LARGE(f"At most {limit} bytes are taken.")
    return None


def parsed(body: bytes) -> Json | Problem:
    """The value, if it has one meaning. Linear in its length."""
    if _too_deep(body):
        return problems.TOO_DEEP(f"At most {DEEPEST} levels are taken.")
    try:
        text = body.decode("utf-8", "strict")
        value: Json = json.loads(text, object_pairs_hook=_without_twins, parse_float=_number, parse_constant=_no_number)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except TwiceTheSame as error:
        return problems.MALFORMED(str(error))
    except (ValueError, RecursionError):
        return problems.MALFORMED("It does not parse as JSON in UTF-8.")
    return value


class TwiceTheSame(ValueError):
    """One object has a key twice."""


def _without_twins(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TwiceTheSame(TwiceTheSame.__doc__)
    return found


def _number(text: str) -> int | float:
    """1.0 is 1, as JSON Schema has it; what is too large for a number is none."""
    value = float(text)
    if isinf(value):
        raise ValueError
    return int(value) if value.is_integer() else value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for byte in _STRINGS.sub(b"", body).translate(None, _OTHERS):
        depth += 1 if byte in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False
