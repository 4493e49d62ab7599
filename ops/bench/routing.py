"""Routing: how fast rules decide, and how long a back-test of ten thousand stored reports takes."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from core.countries import CODES
from core.db import connect, transaction
from core.keys import TriageKeys
from core.vocabulary import Age, Danger, Kind
from ops.addresses import child_settings
from ops.bench import backlog
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_least, at_most
from triage.drain import Drain
from triage.routing.backtest import back_test
from triage.routing.book import read_book
from triage.routing.document import Document
from triage.routing.documents import DEFAULT
from triage.routing.facts import Facts
from triage.routing.matcher import Matcher
from triage.routing.parsing import parse
from triage.routing.why import FactsSeal

DECISIONS = 100_000
MANY = 1_000
REPORTS = 10_000
LEASE = timedelta(seconds=60)


def measure(deployment: Deployment) -> Iterator[Figure]:
    """Facts are drawn by chance and none is decided twice for free: the matcher itself remembers nothing."""
    assert deployment.settings.database_url
    owner = connect(deployment.settings.database_url, pool=1)
    with transaction(owner) as session:
        book = read_book(session)
    default = Matcher(_read(DEFAULT.read_text(encoding="utf-8")), book)
    yield at_least("decisions, default rules", _rate(default), "decisions/s", 50_000)
    many = Matcher(_many_rules(), book)
    yield at_least(f"decisions, {MANY:,} rules", _rate(many), "decisions/s", 50_000)
    _file_reports(deployment)
    began = time.perf_counter()
    with transaction(owner) as session, FactsSeal.of(TriageKeys.read(deployment.settings.keys_dir).facts) as seal:
        tested = back_test(session, seal, default, many, REPORTS)
    yield at_most(f"back-test of {tested.reports:,} reports", time.perf_counter() - began, "s", 20)
    owner.dispose()
    deployment.empty()


def _rate(matcher: Matcher) -> float:
    """Decisions in a second of one core: only its own time counts, not what others take of it."""
    chance, countries = Random(1), sorted(CODES)
    facts = [_some_facts(chance, countries) for _ in range(DECISIONS)]
    began = time.process_time()
    for one in facts:
        matcher.decide(one)
    return DECISIONS / (time.process_time() - began)


def _some_facts(chance: Random, countries: list[str]) -> Facts:
    return Facts(
        country=chance.choice(countries),
        hosting=(chance.choice(countries),) if chance.random() < 0.3 else (),
        kind=chance.choice([*Kind]),
        age=chance.choice([*Age, None]),
        channel="site",
        language=chance.choice(["en", "it", "zh-Hans"]),
        danger=chance.choice([*Danger]),
        risks=("meet", "threat") if chance.random() < 0.2 else (),
    )


def _many_rules() -> Document:
    """Rules of four conditions each, for every country in turn."""
    chance, countries = Random(2), sorted(CODES)
    rules = [
        f"rule R{number}\n when country is {countries[number % len(countries)]}\n"
        f" and kind is {chance.choice([*Kind])}\n"
        f" and age is not {chance.choice([*Age])}\n and risk is meet, unknown\n send to the hotline\n"
        for number in range(MANY)
    ]
    return _read("".join(rules) + "otherwise\n send to the hotline\n")


def _read(text: str) -> Document:
    document, problems = parse(text)
    assert document, problems
    return document


def _file_reports(deployment: Deployment) -> None:
    """Ten thousand through the letterbox and down the line."""
    asyncio.run(backlog.fill(deployment, REPORTS, backlog.some_words))
    url = child_settings(deployment.settings, "triage").triage_database_url
    assert url
    engine = connect(url, pool=2, by_index_only=True)
    Drain(engine, TriageKeys.read(deployment.settings.keys_dir), deployment.settings.batch, LEASE)()
    engine.dispose()
