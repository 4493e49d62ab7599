"""Bodies made to hurt: each door refuses them in its own form, in under a second, and memory stays flat."""

import gzip
import http.client
import json
import re
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import Engine

from core.settings import Settings
from intake.partners.patience import FIRST
from intake.partners.problems import PROBLEM, URN
from intake.partners.reading import DEEPEST, LIMIT
from tests.factories import a_partner
from tests.intake.doors import LITTLE, Server
from tests.intake.test_json_door import count
from tests.intake.test_xarf_door import MATERIAL
from tests.processes import running, with_free_ports

DOORS = ("/api/v1/reports", "/api/v1/reports/batch", "/api/v1/xarf")
GIGABYTE = 1024**3
SOON = 1.0  # seconds
FLAT = 12 * 1024  # kB that the peak of memory may grow by
JSON = {"content-type": "application/json"}
GOOD = json.dumps(LITTLE)
_HIGH_WATER = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Attack:
    """A body, what is said of it, and how it is refused."""

    body: bytes
    status: int
    name: str
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)


def typed(content_type: str, body: bytes = GOOD.encode()) -> Attack:
    return Attack(body, 415, "content-type", {"content-type": content_type})


def packed(encoding: str, body: bytes = GOOD.encode()) -> Attack:
    return Attack(body, 415, "content-type", JSON | {"content-encoding": encoding})


def malformed(body: str | bytes) -> Attack:
    return Attack(body.encode() if isinstance(body, str) else body, 400, "malformed")


def too_deep(body: str) -> Attack:
    return Attack(body.encode(), 400, "too-deep")


ATTACKS = {
    "200 arrays in each other": too_deep("[" * 200 + "]" * 200),
    "200 objects in each other": too_deep('{"a":' * 200 + "1" + "}" * 200),
    "arrays without an end": too_deep("[" * (LIMIT - 1)),
    "objects without an end": too_deep('{"a":' * (LIMIT // 5)),
    "one too deep behind strings of brackets": too_deep('["[[[\\"[[", ' + "[" * DEEPEST + "]" * DEEPEST + "]"),
    "a key twice": malformed('{"what": "a", "what": "b"}'),
    "a key twice, once with escapes": malformed('{"what": "a", "wha\\u0074": "b"}'),
    "a key twice, inside": malformed('{"what": "a", "child": {"age": "13_15", "age": "adult"}}'),
    "NaN": malformed('{"what": NaN}'),
    "Infinity": malformed('{"what": -Infinity}'),
    "a number beyond all": malformed('{"what": 1e999}'),
    "a number of 200,000 digits": malformed('{"what": ' + "9" * 200_000 + "}"),
    "half a surrogate pair": malformed('{"what": "\\ud800"}'),
    "half of one as a key": malformed('{"\\udfff": 1}'),
    "not UTF-8": malformed(b'{"what": "\xff\xfe"}'),
    "an overlong slash": malformed(b'{"what": "\xc0\xaf"}'),
    "a surrogate in UTF-8": malformed(b'{"what": "\xed\xa0\x80"}'),
    "UTF-8 with a mark": malformed(b"\xef\xbb\xbf" + GOOD.encode()),
    "UTF-16": malformed(GOOD.encode("utf-16")),
    "UTF-16 without a mark": malformed(GOOD.encode("utf-16-be")),
    "UTF-32": malformed(GOOD.encode("utf-32")),
    "nothing": malformed(""),
    "half of it": malformed(GOOD[:-2]),
    "something behind it": malformed(GOOD + GOOD),
    "a comment": malformed("/* */" + GOOD),
    "a control character": malformed('{"what": "\x00"}'),
    "single quotes": malformed("{'what': 'a'}"),
    "a text": Attack(b'"what"', 422, "invalid"),
    "a list": Attack(b"[1, 2, 3]", 422, "invalid"),
    "30,000 keys": Attack(json.dumps({f"k{n}": 0 for n in range(16_000)}).encode(), 422, "invalid"),
    "said to be UTF-7": typed("application/json; charset=utf-7", b'{"what": "+ADw-"}'),
    "said to be UTF-16": typed("application/json; charset=utf-16", GOOD.encode("utf-16")),
    "said to be nothing": Attack(GOOD.encode(), 415, "content-type", {}),
    "said to be a form": typed("application/x-www-form-urlencoded"),
    "said to be text": typed("text/plain"),
    "said to be two things": typed("application/json, text/html"),
    "said to be in parts": typed("multipart/form-data; boundary=x"),
    "a bomb of a gigabyte": packed("gzip", gzip.compress(bytes(GIGABYTE // 16)) * 16),
    "twice compressed": packed("gzip, gzip", gzip.compress(gzip.compress(GOOD.encode()))),
    "deflate": packed("deflate"),
    "an unknown compression": packed("x-own"),
}
ELSEWHERE = {"a text": "malformed", "a list": "malformed", "30,000 keys": "not-accepted"}  # what the XARF door says


@dataclass(frozen=True)
class Target:
    """A running public process."""

    settings: Settings
    pid: int

    @contextmanager
    def stays_flat(self, kilobytes: int = FLAT, cpu: float = SOON) -> Iterator[None]:
        """Its memory's high-water mark (proc(5)) and its work, while something is done to it."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        before, worked = self._high_water(), sum(psutil.Process(self.pid).cpu_times()[:2])
        yield
        assert self._high_water() - before < kilobytes
        assert sum(psutil.Process(self.pid).cpu_times()[:2]) - worked < cpu

    def _high_water(self) -> int:
        found = _HIGH_WATER.search(Path(f"/proc/{self.pid}/status").read_text())
        assert found
        return int(found[1])


@pytest.fixture(scope="module")
def target(deployment: Settings) -> Iterator[Target]:
    settings = with_free_ports(deployment)
    with running(settings, "intake") as children:
        yield Target(settings, children["intake"].pid)


@pytest.fixture
def attacker(target: Target, settings: Settings, owner: Engine, client: httpx.Client) -> Server:
    """With credentials that are good."""
    made = Server(target.settings.address, a_partner(settings, owner), client)
    made.report(LITTLE)
    made.xarf(MATERIAL)  # what is loaded with the first one is there
    return made


def raw(server: Server, path: str, headers: Mapping[str, str], pieces: Iterable[bytes]) -> tuple[int, str, bytes]:
    """Status, type and body of the answer to a request that no decent client would make."""
    host = server.address.removeprefix("http://")
    lines = {"host": host, "idempotency-key": "raw", **server.credentials, **headers}
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    with socket.create_connection(tuple(host.split(":")), timeout=20) as line:  # type: ignore[arg-type]
        line.sendall(head.encode())
        try:
            for piece in pieces:
                line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.headers["content-type"], answer.read()


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_made_to_hurt_is_refused_at_once_at_every_door(
    target: Target, attacker: Server, owner: Engine, name: str
) -> None:
    attack, stored = ATTACKS[name], count(owner)
    headers = {"content_type": "", **{key.replace("-", "_"): value for key, value in attack.headers.items()}}
    for path in DOORS:
        started = time.perf_counter()
        with target.stays_flat():
            answer = attacker.post(path, attack.body, idempotency_key="attack", **headers)
        assert time.perf_counter() - started < SOON
        assert answer.headers["content-type"] == PROBLEM
        expected = ELSEWHERE.get(name, attack.name) if path.endswith("xarf") else attack.name
        assert answer.json()["type"] == URN + expected, path
    assert count(owner) == stored


@pytest.mark.parametrize("path", DOORS)
def test_a_body_that_says_it_is_huge_is_refused_before_it_comes(target: Target, attacker: Server, path: str) -> None:
    with target.stays_flat():
        started = time.perf_counter()
        status, kind, body = raw(attacker, path, JSON | {"content-length": str(5 * GIGABYTE)}, [])
        assert time.perf_counter() - started < SOON
    assert (status, kind, json.loads(body)["type"]) == (413, PROBLEM, URN + "too-large")


@pytest.mark.parametrize("path", DOORS)
def test_a_huge_body_that_does_not_say_so_is_refused_while_it_comes(
    target: Target, attacker: Server, path: str
) -> None:
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with target.stays_flat(cpu=2 * SOON):
        status, kind, body = raw(
            attacker, path, JSON | {"transfer-encoding": "chunked"}, (piece for _ in range(20_000))
        )
    assert (status, kind, json.loads(body)["type"]) == (413, PROBLEM, URN + "too-large")


def test_evidence_of_any_size_is_hashed_and_memory_stays_flat(target: Target, attacker: Server) -> None:
    head, tail = json.dumps(MATERIAL | {"report_id": "22eb480f-8172-431a-9276-c28ba90f694c"}).split('"evidence": [')
    item = '{"content_type": "text/plain", "payload": "%s"},'
    body = head + '"evidence": [' + (item % ("A" * 6_000_000)) * 9 + tail
    with target.stays_flat(cpu=5 * SOON):
        answer = attacker.xarf(body.encode())
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("path", DOORS)
def test_a_body_shorter_than_it_says_is_refused_when_nothing_more_comes(
    target: Target, attacker: Server, path: str
) -> None:
    with target.stays_flat():
        started = time.perf_counter()
        status, kind, body = raw(attacker, path, JSON | {"content-length": "5000"}, [GOOD.encode()])
    assert time.perf_counter() - started < FIRST + SOON
    assert (status, kind, json.loads(body)["type"]) == (408, PROBLEM, URN + "too-slow")


@pytest.mark.parametrize("path", DOORS)
def test_a_body_longer_than_it_says_is_no_http_behind_its_end(attacker: Server, owner: Engine, path: str) -> None:
    stored = count(owner)
    status, kind, body = raw(attacker, path, JSON | {"content-length": "10"}, [GOOD.encode()])
    assert (status, kind, json.loads(body)["status"]) == (400, PROBLEM, 400)
    assert count(owner) == stored


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("length", ["-1", "ten", "1, 2", "0x10", "9" * 40, "5\r\ncontent-length: 6"])
def test_a_length_that_is_none_is_refused_in_the_same_form(
    attacker: Server, owner: Engine, path: str, length: str
) -> None:
    stored = count(owner)
    status, kind, body = raw(attacker, path, JSON | {"content-length": length}, [])
    assert (status, kind, json.loads(body)["status"]) == (400, PROBLEM, 400)
    assert count(owner) == stored


def test_a_length_and_chunks_at_once_are_refused(attacker: Server) -> None:
    both = JSON | {"content-length": "10", "transfer-encoding": "chunked"}
    assert raw(attacker, DOORS[0], both, [])[:2] == (400, PROBLEM)


def test_fifty_slow_senders_keep_nobody_waiting_and_are_sent_away(target: Target, attacker: Server) -> None:
    def drip() -> Iterator[bytes]:
        last = time.monotonic() + 10
        while time.monotonic() < last:
            yield b" "
            time.sleep(FIRST / 6)

    slow = JSON | {"content-length": "5000"}
    with target.stays_flat(cpu=3 * SOON), ThreadPoolExecutor(50) as pool:
        dripping = [pool.submit(raw, attacker, DOORS[0], slow, drip()) for _ in range(50)]
        time.sleep(FIRST / 2)
        started = time.perf_counter()
        assert attacker.report(LITTLE).status_code == 201
        assert time.perf_counter() - started < SOON
        said = [future.result() for future in dripping]
    assert {(status, kind) for status, kind, _ in said} == {(408, PROBLEM)}
