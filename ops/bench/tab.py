"""The tab: what a messenger's page pays before anybody presses, and what its reader waits for after."""

import urllib.request
from collections.abc import Iterator
from functools import partial

from core.db import connect, transaction
from core.web.locale import read_languages
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most
from ops.bench.page import HEAVIEST, SLOWEST, p99, transferred
from ops.partners import book

CODE = "bench"
LOADER = 5 * 1024
NEWEST = "/embed/v1/tab.js"


def measure(deployment: Deployment) -> Iterator[Figure]:
    _embed(deployment)
    with deployment.site() as port:
        origin = f"http://127.0.0.1:{port}"
        yield at_most("tab: its script, gzipped", loader(origin), "bytes", LOADER)
        weights = {code: transferred(origin, address(code)) for code in read_languages()}
        heaviest = max(weights, key=weights.__getitem__)
        after = f"tab: all that comes after the click, heaviest of {len(weights)} languages: {heaviest}"
        yield at_most(after, weights[heaviest] / 1000, "KB", HEAVIEST)
        took = p99(port, {heaviest: partial(look, heaviest)})[heaviest]
        yield at_most("tab: its page, p99", took, "ms", SLOWEST)


def address(language: str) -> str:
    return f"/embed/v1/frame?partner={CODE}&lang={language}"


def look(language: str) -> tuple[str, str, str]:
    """Method, path and body of a request."""
    return "GET", address(language), ""


def loader(origin: str) -> int:
    """Bytes of the script as it travels."""
    request = urllib.request.Request(origin + NEWEST, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return len(answer.read())


def _embed(deployment: Deployment) -> None:
    """A partner whose page the tab is in."""
    assert deployment.settings.database_url
    owner = connect(deployment.settings.database_url)
    with transaction(owner) as session:
        book.add_partner(session, "Benchmark", CODE, ["https://chat.example"])
    owner.dispose()
