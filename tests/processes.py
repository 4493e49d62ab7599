"""The product's own processes, started as `hotline up` starts them, for tests that need the real thing."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import msgspec

from core.settings import Settings
from ops.embedded.ports import free_port
from ops.processes.child import Child, stop_all, wait_for
from ops.up import process

TOKEN = re.compile(r'name="token" value="([^"]+)"')
RECEIPT = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}")


def with_free_ports(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, intake_port=free_port(), console_port=free_port())


@contextmanager
def running(settings: Settings, *names: str) -> Iterator[Mapping[str, Child]]:
    """Some of `intake`, `console`, `worker-1`, answering; ended by their ids afterwards."""
    children = {name: process(settings, name) for name in names}
    try:
        for child in children.values():
            child.start()
        wait_for(list(children.values()), patience=30)
        yield children
    finally:
        stop_all(list(children.values()))


def site(settings: Settings) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{settings.intake_port}", timeout=15)


def token_on(page: str) -> str:
    found = TOKEN.search(page)
    assert found, "the page has no form"
    return found[1]


def receipt_on(page: str) -> str:
    found = RECEIPT.search(page)
    assert found, "the page has no receipt"
    return found[0]


def send_report(visitor: httpx.Client, language: str = "en", **fields: str) -> httpx.Response:
    """Open the form and send it, as a browser would."""
    token = token_on(visitor.get(f"/{language}/report").text)
    return visitor.post(f"/{language}/report", data={"token": token, **fields})
