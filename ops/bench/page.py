"""The report page as a phone on a slow line sees it first."""

import gzip
import re
import time
import urllib.request
from collections.abc import Iterator
from statistics import median

from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most

VIEWS = 300
LANGUAGES = ("en", "it", "ar")
PARTS = re.compile(rb'<(?:link|img|script)[^>]+(?:href|src)="([^"]+)"')


def measure(deployment: Deployment) -> Iterator[Figure]:
    with deployment.site() as port:
        origin = f"http://127.0.0.1:{port}"
        heaviest = max(transferred(origin, f"/{language}/report") for language in LANGUAGES)
        yield at_most("report page, first view, heaviest language", heaviest / 1000, "KB", 30)
        yield at_most("report page, on the server", server_ms(origin + "/ar/report"), "ms", 5)


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


def server_ms(url: str) -> float:
    """Median time of a whole view over the loopback, connection included: an upper bound of the server's part."""
    times = []
    for _ in range(VIEWS):
        started = time.perf_counter()
        fetch(url)
        times.append((time.perf_counter() - started) * 1000)
    return median(times)
