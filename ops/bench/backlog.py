"""A backlog: how fast two workers turn what waits into cases, when no two reports are alike and when all are."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator

from core.sealing import Wrapping
from core.vocabulary import Danger
from intake import tokens
from intake.letterbox import Letterbox
from intake.submission import SealedReport, Submission, seal
from ops.addresses import child_settings
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_least, at_most, shown
from ops.bench.load import WORDS

BACKLOG = 20_000
CLONES = 10_000
WORKERS = 2
PATIENCE = 120
ANY_WAITING = "SELECT count(*) FROM (SELECT FROM reports WHERE state = 'received' LIMIT 1)"
MICROSECONDS = "SELECT 1000000 * extract(epoch FROM max(filed_at) - min(filed_at)) FROM reports"
FIFTH = """
    SELECT 1000000 * extract(epoch FROM max(filed_at) - min(filed_at))
    FROM (SELECT filed_at, ntile(5) OVER (ORDER BY filed_at) AS fifth FROM reports) WHERE fifth = {}
"""
LOST = "SELECT count(*) FROM reports WHERE case_id IS NULL"


def measure(deployment: Deployment) -> Iterator[Figure]:
    """Timed by the reports themselves, from the first filed to the last: starting the workers is not part of it."""
    rate = drained(deployment, BACKLOG, some_words)
    cases = deployment.count("SELECT count(*) FROM cases")
    yield at_least(f"backlog of {BACKLOG:,}, {WORKERS} workers", rate, "cases/s", 2500)
    yield at_most("backlog: reports without a case", BACKLOG - cases, "reports", 0)
    deployment.empty()


def measure_clones(deployment: Deployment) -> Iterator[Figure]:
    """One text over and over: a report costs as much at the end of it as at the beginning."""
    rate = drained(deployment, CLONES, lambda: WORDS * 4)
    first, last = (deployment.count(FIFTH.format(fifth)) for fifth in (1, 5))
    yield shown(f"{CLONES:,} clones of one text, {WORKERS} workers", rate, "reports/s")
    yield at_most("clones: lines in the queue", deployment.count("SELECT count(*) FROM cases"), "cases", 1)
    yield at_most("clones: reports without a case", deployment.count(LOST), "reports", 0)
    yield at_most("clones: the last fifth beside the first", last / max(first, 1), "times as long", 1.5)
    deployment.empty()


def drained(deployment: Deployment, count: int, words: Callable[[], str]) -> float:
    """Fill, let two workers drain it, and say how many a second they filed."""
    asyncio.run(fill(deployment, count, words))
    with deployment.worker(), deployment.worker():
        for _ in range(PATIENCE * 4):
            time.sleep(0.25)  # looking costs the workers time
            if not deployment.count(ANY_WAITING):
                break
    seconds = deployment.count(MICROSECONDS) / 1e6
    return count / seconds if seconds else 0


async def fill(deployment: Deployment, count: int, words: Callable[[], str]) -> None:
    """Seal and store the backlog through the letterbox."""
    url = child_settings(deployment.settings, "intake").intake_database_url
    assert url
    letterbox = Letterbox(url, stored=lambda: None)
    await letterbox.open()
    for _ in range(0, count, 1000):
        await asyncio.gather(*(letterbox.post(report) for report in some_reports(deployment, 1000, words)))
    await letterbox.close()


def some_reports(deployment: Deployment, count: int, words: Callable[[], str]) -> Iterator[SealedReport]:
    for _ in range(count // 10):
        with Wrapping(deployment.keys.report) as wrapping:  # ten to a wrapping, as a busy site would
            for _ in range(10):
                token = tokens.FormToken(time.time_ns() // 1_000_000, tokens.new_nonce())
                told = Submission(language="en", country="IT", danger=Danger.NO, what=words(), link="", contact="")
                yield seal(deployment.keys, wrapping, token, told)[0]


def some_words() -> str:
    """As many as in `WORDS` four times over, of an invented vocabulary as uneven as a language's: no two alike."""
    return " ".join(_word(int(20_000 ** random.random())) for _ in range(len(WORDS.split()) * 4))


def _word(rank: int) -> str:
    chosen = random.Random(rank % 20_000)
    return "".join(chosen.choice("bdfgklmnprstvz") + chosen.choice("aeiou") for _ in range(chosen.randint(1, 4)))
