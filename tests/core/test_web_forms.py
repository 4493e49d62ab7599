"""Reading a body: bounded, and only what was asked for."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message

from core.web import forms
from core.web.forms import LIMIT, PATIENCE, Sent, Trouble, parsed, read_form

FORM = "application/x-www-form-urlencoded"
NAMES = ("what", "link")


def read(*chunks: bytes, content_type: str = FORM) -> Sent:
    return asyncio.run(read_form(a_request(chunks, content_type), NAMES, "what"))


def a_request(chunks: Sequence[bytes], content_type: str, taken: list[bytes] | None = None) -> Request:
    waiting = iter(chunks)
    left = len(chunks)

    async def receive() -> Message:
        nonlocal left
        left -= 1
        chunk = next(waiting)
        if taken is not None:
            taken.append(chunk)
        return {"type": "http.request", "body": chunk, "more_body": left > 0}

    headers = [(b"content-type", content_type.encode())] if content_type else []
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {}),
        (b"what=a&link=b", {"what": "a", "link": "b"}),
        (b"link=b&other=c&what=", {"what": "", "link": "b"}),
        (b"what=a&what=b", {"what": "a"}),
        (b"what&link", {}),
        (b"awhat=1&what2=2&what=3", {"what": "3"}),
        (b"what=a=b", {"what": "a=b"}),
        (b"&&what=a&&", {"what": "a"}),
        (b"what=a;link=b", {"what": "a;link=b"}),
        (b"what=a%26link%3Db", {"what": "a&link=b"}),
    ],
)
def test_only_known_fields_are_found_and_the_first_of_each(body: bytes, fields: dict[str, str]) -> None:
    assert parsed(body, NAMES) == fields


def test_a_body_may_come_in_pieces() -> None:
    assert read(b"wh", b"at=on", b"e&li", b"", b"nk=two") == Sent({"what": "one", "link": "two"})


def test_more_than_a_hundred_fields_are_trouble() -> None:
    assert read(b"&".join([b"a=1"] * 99 + [b"what=b"])) == Sent({"what": "b"})
    assert read(b"&".join([b"a=1"] * 100 + [b"what=b"])) == Sent({"what": "b"}, Trouble.TOO_MANY_FIELDS)


def test_exactly_the_limit_is_not_too_large() -> None:
    body = b"what=" + b"x" * (LIMIT - 5)
    assert read(body).trouble is None
    assert read(body, b"x") == Sent({"what": "x" * (LIMIT - 5)}, Trouble.TOO_LARGE)


def test_reading_ends_when_patience_does() -> None:
    piece, taken = b"x" * (LIMIT // 2), list[bytes]()
    request = a_request([piece] * 100, FORM, taken)
    sent = asyncio.run(read_form(request, NAMES, "what"))
    assert sent.trouble is Trouble.TOO_LARGE
    assert sum(map(len, taken)) <= PATIENCE + len(piece)


def test_the_trouble_is_the_status() -> None:
    assert {trouble.name: trouble.value for trouble in forms.Trouble} == {
        "TOO_MANY_FIELDS": 400,
        "TOO_LARGE": 413,
        "WRONG_TYPE": 415,
    }


@pytest.mark.parametrize("content_type", [FORM.upper(), f"{FORM};charset=utf-8", f" {FORM} ; x=y"])
def test_the_type_of_a_form_may_be_written_in_many_ways(content_type: str) -> None:
    assert read(b"what=a", content_type=content_type) == Sent({"what": "a"})


def test_a_body_without_a_type_is_text() -> None:
    assert read(b"what=a", content_type="") == Sent({"what": "what=a"}, Trouble.WRONG_TYPE)


def test_a_multipart_form_of_a_great_many_parts_is_read_in_part() -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n'
    last = part.replace(b"other", b"what")
    kind = "multipart/form-data; boundary=b"
    assert read(part * 50 + last + b"--b--", content_type=kind).fields == {"what": "x"}
    assert read(part * 5_000 + last + b"--b--", content_type=kind).fields == {}
