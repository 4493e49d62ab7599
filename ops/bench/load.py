"""A load on the loopback: as many connections as asked, each sending its next form after an answer."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from urllib.parse import urlencode

import uvloop

from core.keys import IntakeKeys
from intake import tokens

WORDS = "someone in a game asked my little brother to keep a secret and to send his number "


@dataclass
class Outcome:
    """What came back, by status, and how long each answer took, in seconds."""

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        return self.statuses.get(200, 0) + self.statuses.get(201, 0)

    @property
    def per_second(self) -> float:
        return self.accepted / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def forms(keys: IntakeKeys, port: int) -> Iterator[bytes]:
    """Whole requests, each a form of its own: a new token, some 450 bytes."""
    while True:
        yield posted(port, form_body(keys, os.urandom(4).hex()))


def form_body(keys: IntakeKeys, mark: str) -> bytes:
    return urlencode(
        {
            "token": tokens.issue(keys.form, time.time_ns() // 1_000_000),
            "country": "IT",
            "danger": "no",
            "what": WORDS * 4 + mark,
            "link": "https://example.com/room/" + mark,
            "email": "",
        }
    ).encode()


def posted(port: int, body: bytes) -> bytes:
    """The whole request that sends a form."""
    return (
        f"POST /en/report HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def run_load(keys: IntakeKeys, port: int, connections: int, seconds: float) -> Outcome:
    """Post forms for a while. Bounded; speaks to 127.0.0.1 only."""
    return run_requests(forms(keys, port), port, connections, seconds)


def run_requests(requests: Iterator[bytes], port: int, connections: int, seconds: float) -> Outcome:
    """The same with other requests, each sent once."""
    last = time.perf_counter() + seconds
    return uvloop.run(_load(takewhile(lambda _: time.perf_counter() < last, requests), port, connections))


def run_counted(requests: Iterator[bytes], port: int, connections: int, count: int) -> Outcome:
    """The first `count` of them, however long they take."""
    return uvloop.run(_load(islice(requests, count), port, connections))


async def _load(requests: Iterator[bytes], port: int, connections: int) -> Outcome:
    outcome = Outcome()
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_client(requests, port, outcome))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def _client(requests: Iterator[bytes], port: int, outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        sent = time.perf_counter()
        writer.write(request)
        status = await read_answer(reader)
        outcome.latencies.append(time.perf_counter() - sent)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
    writer.close()


async def read_answer(reader: asyncio.StreamReader) -> int:
    """The status of one answer, read to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
    await reader.readexactly(int(length))
    return int(head[9:12])
