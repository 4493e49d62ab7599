"""Origins on ports of their own: whatever page a test puts there, and all that was asked of them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

HTML = "text/html; charset=utf-8"
SCRIPT = "text/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Paper:
    """What is answered at one path."""

    body: str
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    query: Mapping[str, list[str]]
    headers: Message


@dataclass(frozen=True, eq=False)
class Origin:
    """`papers` may be laid out at any time; what is not there is a 404."""

    url: str
    papers: dict[str, Paper] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def answer(self, asked: Asked) -> Paper | None:
        self.asked.append(asked)
        return self.papers.get(asked.path)


class Server(ThreadingHTTPServer):
    """A thread for each request; a browser that went away in the middle is no trouble."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        pass


AnOrigin = TypeVar("AnOrigin", bound=Origin)


@contextmanager
def serving(kind: type[AnOrigin]) -> Iterator[AnOrigin]:
    """An origin on a free port of 127.0.0.1."""
    server = Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    origin = kind(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _desk(origin)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield origin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _desk(origin: Origin) -> type[BaseHTTPRequestHandler]:
    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            paper = origin.answer(Asked(parts.path, parse_qs(parts.query), self.headers))
            body = paper.body.encode() if paper else b""
            self.send_response(200 if paper else 404)
            for name, value in {"content-type": paper.media_type, **paper.headers}.items() if paper else ():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Desk
