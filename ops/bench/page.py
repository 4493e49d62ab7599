"""The public pages: what the first view weighs, and how long the server takes over each page."""

import gzip
import http.client
import re
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import urlencode

from core.web.locale import read_languages
from intake import tokens
from intake.site import sections
from intake.site.journey.answers import Answers
from intake.site.journey.form import Form
from intake.site.journey.path import ASKS
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most

VIEWS = 1000
HEAVIEST = 50
SLOWEST = 10
FIRST = ("", "report")
Ask = Callable[[], tuple[str, str, str]]
"""Makes the method, the path and the body of a request."""
PARTS = re.compile(rb'<(?:link|img|script)[^>]+(?:href|src)="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SEEN = ("", "report", "agencies", "agencies?country=IT", "sitemap", "follow-up", *sections.NAMES)
ANSWERED = Answers(danger="yes", country="IT", about="me", what="An adult asked me to keep a secret. " * 20)


def measure(deployment: Deployment) -> Iterator[Figure]:
    with deployment.site() as port:
        origin = f"http://127.0.0.1:{port}"
        paths = [f"/{code}/{page}" for code in read_languages() for page in FIRST]
        weights = {path: transferred(origin, path) for path in paths}
        heaviest = max(weights, key=weights.__getitem__)
        yield at_most(f"first view, heaviest of {len(weights)}: {heaviest}", weights[heaviest] / 1000, "KB", HEAVIEST)
        yield from _served(port, deployment.keys.form)


def _served(port: int, key: bytes) -> Iterator[Figure]:
    """Of each sort the slowest: pages that are only seen, those of the journey, and those when they save too."""
    yield _slowest("a page, p99", p99(port, {page: partial(look, page) for page in SEEN}))
    for name, go in (("a page of the journey, p99", "back"), ("the same when it saves, p99", "")):
        yield _slowest(name, p99(port, {page: partial(answer, key, page, go) for page in ASKS}))


def _slowest(name: str, times: Mapping[str, float]) -> Figure:
    slowest = max(times, key=times.__getitem__)
    return at_most(f"{name}, slowest of {len(times)}: {slowest or 'landing'}", times[slowest], "ms", SLOWEST)


def p99(port: int, pages: Mapping[str, Ask]) -> Mapping[str, float]:
    """Milliseconds of a whole answer over the loopback, the connection kept: an upper bound of the server's part.

    The pages are asked for in turns, so that a moment in which the machine does something else is not one page's.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    times: dict[str, list[float]] = {page: [] for page in pages}
    for _ in range(VIEWS):
        for page, ask in pages.items():
            method, path, words = ask()
            started = time.perf_counter()
            connection.request(method, path, words or None, FORM if words else {})
            connection.getresponse().read()
            times[page].append((time.perf_counter() - started) * 1000)
    connection.close()
    return {page: sorted(taken)[int(VIEWS * 0.99)] for page, taken in times.items()}


def transferred(origin: str, path: str) -> int:
    """Bytes of heads and bodies of the page and all it asks for."""
    size, page = fetch(origin + path)
    return size + sum(fetch(origin + part.decode())[0] for part in set(PARTS.findall(page)))


def fetch(url: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        body = answer.read()
        head = len(str(answer.headers).encode())
        text = gzip.decompress(body) if answer.headers.get("content-encoding") == "gzip" else body
        return head + len(body), text


def look(page: str) -> tuple[str, str, str]:
    """Method, path and body of a request."""
    return "GET", f"/ar/{page}", ""


def answer(key: bytes, page: str, go: str) -> tuple[str, str, str]:
    """A page of the journey as a browser sends it back, filled in half way."""
    token = tokens.issue(key, time.time_ns() // 1_000_000)
    form = Form(ANSWERED, token, page)
    held = {"token": token, "page": page, "step": "0", "signature": form.sign(key), "go": go}
    return "POST", "/ar/report", urlencode(ANSWERED.given | held)
