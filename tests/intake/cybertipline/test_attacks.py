"""What comes to do harm: refused in the door's own form, quickly, with memory flat and the door still open."""

import gzip
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress

import msgspec
import pytest
from lxml import etree
from sqlalchemy import Engine, text

from core.settings import Settings
from intake.asgi import create_app
from intake.partners.cybertipline import files
from intake.partners.patience import FIRST
from tests.core.cybertipline.samples import a_report, file_details
from tests.core.cybertipline.test_reading import BAD
from tests.factories import KnownPartner, a_partner
from tests.intake.cybertipline.operator import Operator, at_the_door
from tests.processes import running, with_free_ports
from tests.triage.analyst import serving

A_SECOND = 1.0
MB = 1024 * 1024
CUT_OFF = b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n17\r\n--x\r\n'


def code_of(answer: bytes) -> tuple[int, int]:
    """The status and the response code of one whole answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), int(etree.fromstring(body).findtext("responseCode") or "-1")


class Line:
    """A connection on which nothing is as it should be."""

    def __init__(self, port: int, partner: KnownPartner) -> None:
        who = b64encode(f"{partner.code}:{partner.password}".encode()).decode()
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Basic {who}\r\nConnection: close\r\n"
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def ask(self, path: str, kind: str, *headers: str) -> None:
        lines = "".join(f"{header}\r\n" for header in (f"Content-Type: {kind}", *headers))
        self.socket.sendall(f"POST /ispws{path} HTTP/1.1\r\n{self._head}{lines}\r\n".encode())

    def send(self, body: bytes) -> None:
        self.socket.sendall(body)

    def answer(self) -> bytes:
        """All that comes until the line ends, in whatever way."""
        said = b""
        with suppress(ConnectionResetError):
            while piece := self.socket.recv(65536):
                said += piece
        return said


Dial = Callable[[int, KnownPartner], Line]


@pytest.fixture
def dial() -> Iterator[Dial]:
    """Opens lines, and closes them afterwards."""
    with ExitStack() as opened:

        def open_line(port: int, partner: KnownPartner) -> Line:
            line = Line(port, partner)
            opened.enter_context(line.socket)
            return line

        yield open_line


@pytest.mark.parametrize("document", BAD.values(), ids=BAD)
@pytest.mark.parametrize("path", ["/submit", "/fileinfo"])
def test_a_hostile_document_is_refused_quickly(operator: Operator, path: str, document: bytes) -> None:
    started = time.monotonic()
    answer = operator.client.post(path, content=document, headers={"Content-Type": "text/xml; charset=utf-8"})
    code = etree.fromstring(answer.content).findtext("responseCode")
    assert (answer.status_code, code) in ((400, "4110"), (413, "4000"))
    assert time.monotonic() - started < 5 * A_SECOND


@pytest.fixture
def house(deployment: Settings) -> Iterator[tuple[Settings, int]]:
    settings = with_free_ports(deployment)
    with running(settings, "intake") as children:
        yield settings, children["intake"].pid


def cpu_and_memory(pid: int) -> tuple[float, int]:
    """Seconds of processor time so far, and bytes of memory at most."""
    with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/status") as status:
        ticks = sum(map(int, stat.read().rpartition(")")[2].split()[11:13]))
        most = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    return ticks / 100, most


def test_what_is_too_long_is_refused_before_it_is_read_and_no_attack_costs_a_second_or_memory(
    dial: Dial, house: tuple[Settings, int], settings: Settings, owner: Engine
) -> None:
    at, pid = house
    partner = a_partner(settings, owner)
    with at_the_door(at, partner) as operator:
        operator.submit()
        cpu, memory = cpu_and_memory(pid)
        for document in BAD.values():
            started = cpu
            operator.client.post("/submit", content=document, headers={"Content-Type": "text/xml; charset=utf-8"})
            cpu, _ = cpu_and_memory(pid)
            assert cpu - started < A_SECOND
        for path, kind in (("/submit", "text/xml"), ("/finish", "application/x-www-form-urlencoded")):
            line = dial(at.intake_port, partner)
            line.ask(path, kind, f"Content-Length: {5 * 1024 * MB}")
            assert code_of(line.answer()) == (413, 4000)
        bomb = gzip.compress(bytes(64 * MB))
        headers = {"Content-Type": "text/xml", "Content-Encoding": "gzip"}
        assert operator.client.post("/submit", content=bomb, headers=headers).status_code == 415
        assert operator.submit().code == 0
    assert cpu_and_memory(pid)[1] - memory < 50 * MB


def test_a_body_without_a_length_is_read_no_further_than_its_bound(
    dial: Dial, open_house: Settings, partner: KnownPartner
) -> None:
    line = dial(open_house.intake_port, partner)
    line.ask("/submit", "text/xml", "Transfer-Encoding: chunked")
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    for _ in range(40):
        line.send(chunk)
    line.send(b"0\r\n\r\n")
    assert code_of(line.answer()) == (413, 4000)


LENGTHS: Mapping[str, tuple[str, str, bytes]] = {
    "a report": ("/submit", "text/xml", a_report()),
    "file details": ("/fileinfo", "text/xml", file_details()),
    "a number": ("/finish", "application/x-www-form-urlencoded", b"id=17"),
    "an upload": ("/upload", "multipart/form-data; boundary=x", CUT_OFF),
}


@pytest.mark.parametrize(("path", "kind", "body"), LENGTHS.values(), ids=LENGTHS)
def test_a_body_that_ends_too_soon_leaves_nothing(
    dial: Dial,
    open_house: Settings,
    operator: Operator,
    partner: KnownPartner,
    owner: Engine,
    path: str,
    kind: str,
    body: bytes,
) -> None:
    line = dial(open_house.intake_port, partner)
    line.ask(path, kind, f"Content-Length: {len(body) + 100}")
    line.send(body)
    line.socket.shutdown(socket.SHUT_WR)
    assert line.answer() == b""
    assert operator.ask("/status").code == 0
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM open_reports")) == 0


def test_a_body_that_is_longer_than_it_says_is_cut_there(
    dial: Dial, open_house: Settings, partner: KnownPartner
) -> None:
    line = dial(open_house.intake_port, partner)
    line.ask("/submit", "text/xml", f"Content-Length: {len(a_report()) - 5}")
    line.send(a_report())
    assert code_of(line.answer()) == (400, 4110)


@pytest.fixture
def narrow(deployment: Settings, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a door that takes one upload at a time."""
    monkeypatch.setattr(files, "MOST_UPLOADS", 1)
    with serving(create_app(deployment)) as address:
        yield int(address.rpartition(":")[2])


SLOW: Mapping[str, tuple[str, str]] = {
    "a report": ("/submit", "text/xml"),
    "a number": ("/retract", "application/x-www-form-urlencoded"),
    "an upload": ("/upload", "multipart/form-data; boundary=x"),
}


@pytest.mark.parametrize(("path", "kind"), SLOW.values(), ids=SLOW)
def test_a_body_that_does_not_go_on_is_given_up(
    dial: Dial, narrow: int, partner: KnownPartner, path: str, kind: str
) -> None:
    line = dial(narrow, partner)
    started = time.monotonic()
    line.ask(path, kind, "Content-Length: 1000")
    line.send(b"-")
    assert code_of(line.answer()) == (408, 4000)
    assert time.monotonic() - started < FIRST + 1


@pytest.mark.parametrize(("path", "kind"), SLOW.values(), ids=SLOW)
def test_a_body_that_trickles_is_given_up(dial: Dial, narrow: int, partner: KnownPartner, path: str, kind: str) -> None:
    line = dial(narrow, partner)
    line.ask(path, kind, "Content-Length: 1000")
    started = time.monotonic()
    line.socket.settimeout(0.05)
    said = b""
    for byte in (CUT_OFF + b"x" * 200)[:120]:
        line.send(bytes([byte]))
        try:
            said += line.socket.recv(65536)
            break
        except TimeoutError:
            continue
    line.socket.settimeout(10)
    assert code_of(said + line.answer()) == (408, 4000)
    assert time.monotonic() - started < FIRST + 1


def test_more_uploads_at_once_than_there_is_memory_for_wait(
    dial: Dial, narrow: int, deployment: Settings, partner: KnownPartner
) -> None:
    first, second = dial(narrow, partner), dial(narrow, partner)
    first.ask("/upload", "multipart/form-data; boundary=x", "Content-Length: 1000")
    first.send(b"--x\r\n")
    time.sleep(0.1)
    second.ask("/upload", "multipart/form-data; boundary=x", "Content-Length: 1000")
    assert code_of(second.answer()) == (503, 1110)
    assert code_of(first.answer()) == (408, 4000)


def test_a_door_without_its_database_says_so(
    dial: Dial, deployment: Settings, settings: Settings, partner: KnownPartner
) -> None:
    nowhere = msgspec.structs.replace(deployment, intake_database_url="postgresql://nobody@127.0.0.1:1/none")
    with serving(create_app(nowhere)) as address:
        line = dial(int(address.rpartition(":")[2]), partner)
        line.ask("/finish", "application/x-www-form-urlencoded", "Content-Length: 5")
        line.send(b"id=17")
        assert code_of(line.answer()) == (503, 1000)
