"""A backlog: how fast two workers turn what waits into cases."""

import asyncio
import time
from collections.abc import Iterator

from core.sealing import Wrapping
from core.vocabulary import Danger
from intake import tokens
from intake.letterbox import Letterbox
from intake.submission import SealedReport, Submission, seal
from ops.addresses import child_settings
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_least, at_most
from ops.bench.load import WORDS

BACKLOG = 20_000
WORKERS = 2
PATIENCE = 120
ANY_WAITING = "SELECT count(*) FROM (SELECT FROM reports WHERE state = 'received' LIMIT 1)"
MICROSECONDS = "SELECT 1000000 * extract(epoch FROM max(opened_at) - min(opened_at)) FROM cases"


def measure(deployment: Deployment) -> Iterator[Figure]:
    """Timed by the cases themselves, from the first to the last: starting the workers is not part of it."""
    asyncio.run(fill(deployment, BACKLOG))
    with deployment.worker(), deployment.worker():
        for _ in range(PATIENCE * 4):
            time.sleep(0.25)  # looking costs the workers time
            if not deployment.count(ANY_WAITING):
                break
    seconds = deployment.count(MICROSECONDS) / 1e6
    rate = BACKLOG / seconds if seconds else 0
    yield at_least(f"backlog of {BACKLOG:,}, {WORKERS} workers", rate, "cases/s", 2500)
    yield at_most(
        "backlog: reports without a case", BACKLOG - deployment.count("SELECT count(*) FROM cases"), "reports", 0
    )
    deployment.empty()


async def fill(deployment: Deployment, count: int) -> None:
    """Seal and store the backlog through the letterbox."""
    url = child_settings(deployment.settings, "intake").intake_database_url
    assert url
    letterbox = Letterbox(url, stored=lambda: None)
    await letterbox.open()
    for _ in range(0, count, 1000):
        await asyncio.gather(*(letterbox.post(report) for report in some_reports(deployment, 1000)))
    await letterbox.close()


def some_reports(deployment: Deployment, count: int) -> Iterator[SealedReport]:
    submission = Submission(language="en", country="IT", danger=Danger.NO, what=WORDS * 4, link="", contact="")
    for _ in range(count // 10):
        with Wrapping(deployment.keys.report) as wrapping:  # ten to a wrapping, as a busy site would
            for _ in range(10):
                token = tokens.FormToken(time.time_ns() // 1_000_000, tokens.new_nonce())
                yield seal(deployment.keys, wrapping, token, submission)[0]
