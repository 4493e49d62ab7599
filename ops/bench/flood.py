"""A flood: 5,000 scripted posts, and 20 people who report meanwhile. Where their cases stand, and how soon.

All of it comes from one address, which is the worst case: the loopback. It takes one minute instead of ten.
"""

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode

import uvloop
from altcha.v1 import Challenge, Payload, solve_challenge

from core.keys import IntakeKeys
from core.receipts import receipt_hash
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_least, at_most, shown
from ops.bench.load import forms, read_answer
from ops.simulate.doors import HIDDEN, RECEIPT
from triage.cases.queue import PAGE

POSTS, SECONDS, PEOPLE = 5_000, 60.0, 20
SCRIPTS = 10
SOON = 3.0
CHALLENGE = re.compile(r'data-challenge="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CASE = "SELECT case_id FROM reports WHERE receipt_hash = %s AND case_id IS NOT NULL"
FIRST_PAGE = "SELECT id FROM cases WHERE state = 'open' ORDER BY priority, received_at, id LIMIT %s"


def measure(deployment: Deployment) -> Iterator[Figure]:
    """People press Send at even distances while the scripts run."""
    with deployment.site(limited=True) as port, deployment.worker():
        statuses: dict[int, int] = {}
        scripts = threading.Thread(target=lambda: uvloop.run(pour(deployment.keys, port, statuses)))
        scripts.start()
        cases, waits = zip(*(report(deployment, port, number) for number in range(PEOPLE)), strict=True)
        scripts.join()
        time.sleep(SOON)
        first = {row[0] for row in deployment.owner.execute(FIRST_PAGE, [PAGE]).fetchall()}
    yield at_least("flood: scripted posts", sum(statuses.values()), "posts", POSTS)
    yield at_least(f"flood: of {PEOPLE} people's cases, on the first page", len(first & set(cases)), "cases", PEOPLE)
    yield at_most("flood: slowest from pressing Send to a case, proof included", max(waits), "s", SOON)
    yield shown("flood: scripted posts that were taken, behind the others", statuses.get(200, 0), "posts")
    yield shown("flood: scripted posts that were asked to wait", statuses.get(429, 0), "posts")
    deployment.empty()


async def pour(keys: IntakeKeys, port: int, statuses: dict[int, int]) -> None:
    """Every script opens a form and sends it at once, at a steady pace."""
    requests, started = forms(keys, port), time.perf_counter()
    numbers = iter(range(POSTS))

    async def script() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            await asyncio.sleep(max(0.0, started + number * SECONDS / POSTS - time.perf_counter()))
            writer.write(next(requests))
            status = await read_answer(reader)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(script() for _ in range(SCRIPTS)))


def report(deployment: Deployment, port: int, number: int) -> tuple[object, float]:
    """One person's case, and the seconds from their press of Send until it was there."""
    time.sleep(SECONDS / PEOPLE / 2)
    person = Person(HTTPConnection("127.0.0.1", port, timeout=30))
    page = person.ask("GET", "/en/report")
    page = person.go_on(page, danger="no")
    page = person.go_on(page, country="IT")
    page = person.go_on(page, about="my_child", go="end")
    page = person.go_on(page, go="change-what")
    page = person.go_on(page, what=f"Somebody asks my child for a secret, number {number}.")
    pressed = time.perf_counter()
    receipt = RECEIPT.search(person.go_on(page, go="send", proof=solved(page)))
    assert receipt, "no receipt"
    case = wait_for_case(deployment, receipt_hash(deployment.keys.receipt, receipt[0]))
    return case, time.perf_counter() - pressed


@dataclass(frozen=True)
class Person:
    """A browser's part: pages come, their hidden fields go back."""

    line: HTTPConnection

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        self.line.request(method, path, body, FORM if body else {})
        return self.line.getresponse().read().decode()

    def go_on(self, page: str, **answers: str) -> str:
        hidden: Mapping[str, str] = {name: unescape(value) for name, value in HIDDEN.findall(page)}
        return self.ask("POST", "/en/report", urlencode({**hidden, **answers}))


def solved(page: str) -> str:
    """The proof that the page asks for, if it does."""
    found = CHALLENGE.search(page)
    if not found:
        return ""
    said = json.loads(unescape(found[1]))
    made = Challenge(said["algorithm"], said["challenge"], said["maxNumber"], said["salt"], said["signature"])
    solution = solve_challenge(made)
    assert solution, "a challenge without a solution"
    return Payload(made.algorithm, made.challenge, solution.number, made.salt, made.signature).to_base64()


def wait_for_case(deployment: Deployment, receipt: bytes) -> object:
    while True:
        if row := deployment.owner.execute(CASE, [receipt]).fetchone():
            return row[0]
        time.sleep(0.01)
