"""Other sides on loopback: a webhook receiver with moods, and a CyberTipline peer that keeps its rules."""

import base64
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs

R = TypeVar("R", bound="Receiver")
LOGIN = "Basic " + base64.b64encode(b"hotline:secret word").decode()


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)


@dataclass
class Receiver:
    """`status` is what it answers; `body` with it; `silent` seconds pass first; `drop` cuts the line instead."""

    address: str = ""
    status: int = 200
    body: bytes = b'{"receipt": "R-17"}'
    headers: dict[str, str] = field(default_factory=dict)
    silent: float = 0.0
    drop: bool = False
    drip: bool = False
    calls: list[Call] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, call: Call) -> tuple[int, bytes] | None:
        self.calls.append(call)
        self.released.wait(self.silent)
        return None if self.drop else (self.status, self.body)


@dataclass
class Peer(Receiver):
    """The CyberTipline's own rules: open, finish or retract, each once. `lose` names acts whose answers get lost."""

    reports: dict[str, str] = field(default_factory=dict)
    forms: dict[str, bytes] = field(default_factory=dict)
    lose: set[str] = field(default_factory=set)
    code: dict[str, int] = field(default_factory=dict)

    def answer(self, call: Call) -> tuple[int, bytes] | None:
        self.calls.append(call)
        act = call.path.rpartition("/")[2]
        if call.headers.get("authorization") != LOGIN:
            return 401, said(2000)
        if act in self.code:
            return 200, said(self.code[act])
        answer = self.submit(call.body) if act == "submit" else self.about(act, call.body)
        if act in self.lose:
            self.lose.discard(act)
            return None
        return 200, answer

    def submit(self, body: bytes) -> bytes:
        number = str(1000 + len(self.reports))
        self.reports[number], self.forms[number] = "open", body
        return said(0, number)

    def about(self, act: str, body: bytes) -> bytes:
        number = parse_qs(body.decode()).get("id", [""])[0]
        state = self.reports.get(number)
        if state != "open":
            return said({None: 5001, "finished": 5102, "retracted": 5101}[state], number)
        self.reports[number] = "finished" if act == "finish" else "retracted"
        if act == "finish":
            files = f"<reportId>{number}</reportId><files/>"
            return f"<reportDoneResponse><responseCode>0</responseCode>{files}</reportDoneResponse>".encode()
        return said(0, number)

    @property
    def filed(self) -> list[str]:
        return [number for number, state in self.reports.items() if state == "finished"]


def said(code: int, number: str = "") -> bytes:
    report = f"<reportId>{number}</reportId>" if number else ""
    return (
        f"<reportResponse><responseCode>{code}</responseCode><responseDescription>said</responseDescription>"
        f"{report}</reportResponse>"
    ).encode()


class Door(BaseHTTPRequestHandler):
    """Hands each call to the receiver of its server."""

    server: "House"

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = receiver.answer(Call(self.path, headers, body))
        if answer is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(answer[0])
        for name, value in {**receiver.headers, "content-length": str(len(answer[1]))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.give(answer[1], 1 if receiver.drip else max(len(answer[1]), 1))

    do_GET = do_POST

    def give(self, body: bytes, piece: int) -> None:
        with suppress(OSError):
            for place in range(0, len(body), piece):
                self.wfile.write(body[place : place + piece])
                if self.server.receiver.drip and self.server.receiver.released.wait(0.2):
                    return

    def log_message(self, format: str, *_: object) -> None:
        """Nothing."""


class House(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.receiver = receiver

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was hung up on, or never trusted us, says nothing."""


@contextmanager
def receiving(receiver: R, tls: ssl.SSLContext | None = None) -> Iterator[R]:
    """Served by threads until the block ends."""
    house = House(receiver)
    if tls:
        house.socket = tls.wrap_socket(house.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=house.serve_forever, args=(0.02,))
    thread.start()
    receiver.address = f"http{'s' if tls else ''}://127.0.0.1:{house.server_address[1]}"
    try:
        yield receiver
    finally:
        receiver.released.set()
        house.shutdown()
        house.server_close()
        thread.join()
