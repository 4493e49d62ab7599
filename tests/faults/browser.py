"""What a browser does with the report page, byte by byte, so that every way an answer can be lost shows."""

import asyncio
import re
import time
from urllib.parse import urlencode

from tests.faults.history import Answer, Operation, Outcome

TOKEN = re.compile(rb'name="token" value="([^"]+)"')
RECEIPT = re.compile(rb"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")
LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")
PATIENCE = 12.0  # seconds a person looks at a page that does not come
HEAD = "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n"


async def fetch_token(port: int, place: str) -> str:
    """The token of a fresh form there. Somebody who serves it is waited for, and where it is a frame the database."""
    while True:
        page = await _exchange(port, (HEAD.format("GET", place) + "\r\n").encode())
        if page and (found := TOKEN.search(page)):
            return found[1].decode()
        await asyncio.sleep(0.1)


async def send(port: int, form: Operation) -> Answer:
    """Press the button."""
    body = urlencode({"token": form.token} | form.words.as_fields()).encode()
    head = (HEAD.format("POST", form.place) + FORM.format(len(body)) + "\r\n").encode()
    return _understood(await _exchange(port, head + body), form.token)


async def _exchange(port: int, request: bytes) -> bytes | None:
    """The whole answer, or nothing when it did not come or is not whole."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                answer = await reader.read(-1)
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError):
        return None
    return answer if _is_whole(answer) else None


def _is_whole(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return length is not None and len(body) == int(length[1])


def _understood(answer: bytes | None, token: str) -> Answer:
    """Refused means the same form again, token and all: pressing the button again must send the same report."""
    now = time.monotonic()
    if answer is None:
        return Answer(Outcome.UNKNOWN, now)
    status = answer.split(b" ", 2)[1].decode()
    if status == "200" and (receipt := RECEIPT.search(answer)):
        return Answer(Outcome.ACKED, now, status, receipt[0].decode())
    if status == "503" and token.encode() in answer:
        return Answer(Outcome.REFUSED, now, status)
    return Answer(Outcome.STRANGE, now, status)
