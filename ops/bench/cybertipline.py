"""The CyberTipline door beside the form, in the same run; and how fast an upload is hashed, beside hashlib alone."""

import asyncio
import hashlib
import os
import re
import socket
import time
from base64 import b64encode
from collections.abc import Iterator

import uvloop

from core.db import connect, transaction
from core.vocabulary import CredentialKind
from ops.bench.accept import ROUNDS, SECONDS, median
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_least, at_most, beside, shown
from ops.bench.load import WORDS, Outcome, run_load
from ops.partners import book

CONNECTIONS = 32
LEAST = 0.3
LEAST_HASHED = 150  # MB a second of one core
MB = 1_000_000
UPLOAD = 256 * MB
UPLOADS = 3
NUMBER = re.compile(rb"<reportId>([0-9]+)<")
BOUNDARY = "a-boundary-of-the-benchmark"


def measure(deployment: Deployment) -> Iterator[Figure]:
    """Form and door in turns, so that both meet the same machine; the median of each stands."""
    who = _who(deployment)
    with deployment.site_and_process() as (port, process):
        forms, reports = [], []
        for _ in range(ROUNDS):
            forms.append(run_load(deployment.keys, port, CONNECTIONS, SECONDS))
            reports.append(uvloop.run(_load(port, who)))
        form, report = median(forms), median(reports)
        yield beside("CyberTipline submit + finish, beside the form", report.per_second, "/s", form.per_second, LEAST)
        yield shown("CyberTipline submit + finish: p99", report.percentile(0.99), "ms")
        stored = deployment.count("SELECT count(*) FROM reports")
        yield at_most("CyberTipline: lost", sum(one.accepted for one in (*forms, *reports)) - stored, "reports", 0)
        yield from _hashing(port, process, who)


def _hashing(port: int, process: int, who: str) -> Iterator[Figure]:
    """Megabytes for each second of processor time that the public process spends: reading, parsing and hashing."""
    block = os.urandom(MB)
    number = _opened(port, who)
    rates, plain = [], []
    for _ in range(UPLOADS):
        plain.append(_plain(block))
        before = _spent(process)
        _upload(port, who, number, block)
        rates.append(UPLOAD / MB / (_spent(process) - before))
    yield at_least("upload hashed, per core", sorted(rates)[1], "MB/s", LEAST_HASHED)
    yield shown("the same three hashes by hashlib alone, per core", sorted(plain)[1], "MB/s")


def _plain(block: bytes) -> float:
    hashes = [hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
    started = time.process_time()
    for _ in range(UPLOAD // MB):
        for each in hashes:
            each.update(block)
    return UPLOAD / MB / (time.process_time() - started)


def _spent(process: int) -> float:
    """Processor seconds of a process and its threads."""
    with open(f"/proc/{process}/stat") as stat:
        return sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def _who(deployment: Deployment) -> str:
    """The header of a partner without a limit."""
    assert deployment.settings.database_url
    engine = connect(deployment.settings.database_url)
    with transaction(engine) as session:
        partner = book.add_partner(session, "Benchmark Chat", quota=10**9)
        made = book.make_credentials(session, deployment.keys, partner)
        given = f"{partner.username}:{made[CredentialKind.PASSWORD]}"
    engine.dispose()
    return f"authorization: Basic {b64encode(given.encode()).decode()}\r\n"


async def _load(port: int, who: str) -> Outcome:
    """Clients that open a report and finish it, each pair counted as one."""
    outcome = Outcome()
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_client(port, who, started + SECONDS, outcome))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def _client(port: int, who: str, until: float, outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (sent := time.perf_counter()) < until:
        status, opened = await _ask(reader, writer, _request(port, who, "/submit", "text/xml", _report()))
        if found := NUMBER.search(opened):
            form = b"id=" + found[1]
            finish = _request(port, who, "/finish", "application/x-www-form-urlencoded", form)
            status, _ = await _ask(reader, writer, finish)
        outcome.latencies.append(time.perf_counter() - sent)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
    writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
    return int(head[9:12]), await reader.readexactly(int(length))


def _request(port: int, who: str, path: str, kind: str, body: bytes) -> bytes:
    head = f"POST /ispws{path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{who}content-type: {kind}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def _report() -> bytes:
    """As complete as a good partner's, some 1,300 bytes."""
    mark = os.urandom(4).hex()
    return (
        '<?xml version="1.0" encoding="UTF-8"?><report><incidentSummary>'
        "<incidentType>Online Enticement of Children for Sexual Acts</incidentType>"
        "<incidentDateTime>2026-11-01T10:00:00Z</incidentDateTime></incidentSummary><internetDetails><chatImIncident>"
        f"<chatClient>Northwind Chat</chatClient><content>{WORDS * 4}{mark}</content></chatImIncident>"
        "</internetDetails><reporter><reportingPerson><email>desk@messenger.example</email></reportingPerson></reporter>"
        f"<personOrUserReported><espIdentifier>{mark}</espIdentifier><screenName>stranger{mark}</screenName>"
        "<ipCaptureEvent><ipAddress>192.0.2.7</ipAddress><eventName>Login</eventName>"
        "<dateTime>2026-11-01T09:59:00Z</dateTime><port>51334</port></ipCaptureEvent></personOrUserReported>"
        "<victim><victimPerson><age>13</age></victimPerson></victim></report>"
    ).encode()


def _opened(port: int, who: str) -> int:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(_request(port, who + "connection: close\r\n", "/submit", "text/xml", _report()))
        found = NUMBER.search(_rest(line))
    assert found, "the door opened no report"
    return int(found[1])


def _upload(port: int, who: str, number: int, block: bytes) -> None:
    """One long file over one connection."""
    head = (
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="id"\r\n\r\n{number}\r\n--{BOUNDARY}\r\n'
        'content-disposition: form-data; name="file"; filename="a"\r\n\r\n'
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            f"POST /ispws/upload HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{who}connection: close\r\n"
            f"content-type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"content-length: {len(head) + UPLOAD + len(tail)}\r\n\r\n".encode()
            + head
        )
        for _ in range(UPLOAD // len(block)):
            line.sendall(block)
        line.sendall(tail)
        assert b"<responseCode>0<" in _rest(line), "the door took no file"


def _rest(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))
