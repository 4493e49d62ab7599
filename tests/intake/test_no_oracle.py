"""Nobody outside learns whether something was reported before: the same bytes, and times that cannot be told apart.

Two samples taken in turns are compared by the Mann-Whitney test (Annals of Mathematical Statistics 18, 1947), so
that how fast the machine is does not matter.
"""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import Engine, text

from core.settings import Settings
from tests.processes import RECEIPT, receipt_on, running, send_report, site, token_on, with_free_ports

KNOWN = "https://room.example/known"
TURNS = 150
LOOKS = 16
SUSPICIOUS = 4.0  # standard deviations: by chance once in 16,000 runs
TOKEN = 'name="token" value="'


def z(one: Sequence[float], other: Sequence[float]) -> float:
    """How far the ranks of two samples are from being mixed, in standard deviations (normal approximation)."""
    ranked = sorted([(value, True) for value in one] + [(value, False) for value in other])
    ranks = sum(rank for rank, (_, is_one) in enumerate(ranked, 1) if is_one)
    expected = len(one) * (len(one) + len(other) + 1) / 2
    return (ranks - expected) / math.sqrt(expected * len(other) / 6)


@pytest.fixture
def visitor(settings: Settings, owner: Engine) -> Iterator[httpx.Client]:
    """At a running site whose triage has filed ten reports of one identifier."""
    settings = with_free_ports(settings)
    with running(settings, "intake", "worker-1"), site(settings) as client:
        for number in range(10):
            assert send_report(client, link=KNOWN, what=f"Number {number}").status_code == 200
        wait_until_filed(owner, 10)
        yield client


def wait_until_filed(owner: Engine, count: int) -> None:
    last = time.monotonic() + 15
    while True:
        with owner.connect() as connection:
            if connection.scalar(text("SELECT count(*) FROM reports WHERE state = 'filed'")) == count:
                return
        assert time.monotonic() < last
        time.sleep(0.1)


def in_turns(
    turns: int, ways: Sequence[Callable[[int], httpx.Response]], at_once: int = 1
) -> tuple[Sequence[list[float]], list[set[str]]]:
    """Seconds each way took, and the pages it gave, with what is new on every page left out."""
    times: Sequence[list[float]] = [[] for _ in ways]
    pages: list[set[str]] = [set() for _ in ways]

    def take(turn: int, way: int) -> None:
        started = time.perf_counter()
        answer = ways[way](turn)
        times[way].append(time.perf_counter() - started)
        pages[way].add(_without_what_is_new(answer.text))

    tasks = [(turn, way) for turn in range(turns) for way in random.sample(range(len(ways)), len(ways))]
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda task: take(*task), tasks))
    return times, pages


def _without_what_is_new(page: str) -> str:
    page = RECEIPT.sub("a code", page)
    return page.replace(token_on(page), "a token") if TOKEN in page else page


def test_an_identifier_reported_ten_times_and_a_new_one_get_the_same_answer_in_the_same_time(
    visitor: httpx.Client,
) -> None:
    def report(link: str) -> httpx.Response:
        token = token_on(visitor.get("/en/report").text)
        return visitor.post("/en/report", data={"token": token, "link": link})

    names = [f"https://room.example/n{number:04}" for number in range(TURNS)]
    times, pages = in_turns(TURNS, [lambda _: report(KNOWN), lambda turn: report(names[turn])])
    assert pages[0] == pages[1] and len(pages[0]) == 1
    assert abs(z(*times)) < SUSPICIOUS


def test_each_step_says_the_same_of_a_known_identifier_and_a_new_one(visitor: httpx.Client) -> None:
    def go_on(link: str) -> httpx.Response:
        token = token_on(visitor.get("/en/report").text)
        return visitor.post("/en/report", data={"token": token, "link": link, "go": "end"})

    times, pages = in_turns(TURNS, [lambda _: go_on(KNOWN), lambda turn: go_on(f"https://room.example/n{turn:04}")])
    shown = [{page.partition("<form")[0] for page in said} for said in pages]
    assert shown[0] == shown[1] and len(shown[0]) == 1
    assert abs(z(*times)) < SUSPICIOUS


def test_codes_that_open_nothing_look_alike_and_no_code_is_faster_than_another(visitor: httpx.Client) -> None:
    known = receipt_on(send_report(visitor, what="Told").text)
    wrong = "0000-0000-0000-0000-0000"

    def come_back(code: str) -> httpx.Response:
        return visitor.post("/en/follow-up", data={"code": code})

    codes = [lambda _: come_back(known), lambda _: come_back(wrong), lambda turn: come_back(f"no code {turn % 2}")]
    times, pages = in_turns(LOOKS, codes, at_once=12)
    unknown = {page.replace("no code 0", "a code").replace("no code 1", "a code") for page in pages[1] | pages[2]}
    assert len(unknown) == 1
    assert abs(z(times[0], times[1])) < SUSPICIOUS
    assert abs(z(times[1], times[2])) < SUSPICIOUS


def test_two_milliseconds_for_what_is_known_would_be_noticed(visitor: httpx.Client) -> None:
    """The mutant: somebody looks an identifier up before they answer."""

    def look_up(known: bool) -> httpx.Response:
        time.sleep(0.002 * known)
        return visitor.get("/en/report")

    times, _ = in_turns(TURNS, [lambda _: look_up(True), lambda _: look_up(False)])
    assert abs(z(*times)) > SUSPICIOUS
