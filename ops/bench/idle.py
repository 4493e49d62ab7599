"""An idle hotline: how soon one report is a case in a queue, and what waiting costs."""

import asyncio
import random
import time
from collections.abc import Iterator

from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most
from ops.bench.load import forms, read_answer
from ops.bench.processes import cpu_seconds, family

REPORTS = 200
IDLE_SECONDS = 10
SEEN = "SELECT count(*) FROM reports WHERE state = 'filed'"


def measure(deployment: Deployment) -> Iterator[Figure]:
    with deployment.site() as site, deployment.worker():
        waits = sorted(asyncio.run(post_and_watch(deployment, site)))
        yield at_most("POST to case in queue, idle: p50", waits[len(waits) // 2], "ms", 25)
        yield at_most("POST to case in queue, idle: p99", waits[int(len(waits) * 0.99)], "ms", 80)
        yield at_most("idle: share of a core", idle_share(), "cores", 0.2)
    deployment.empty()


async def post_and_watch(deployment: Deployment, port: int) -> list[float]:
    """Milliseconds from sending a form to its case being there for another connection to see."""
    requests, pauses = forms(deployment.keys, port), random.Random(1)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits = []
    for number in range(1, REPORTS + 1):
        await asyncio.sleep(pauses.uniform(0.02, 0.12))
        sent = time.perf_counter()
        writer.write(next(requests))
        assert await read_answer(reader) == 200
        while deployment.count(SEEN) < number:
            await asyncio.sleep(0.001)
        waits.append((time.perf_counter() - sent) * 1000)
    writer.close()
    return waits


def idle_share() -> float:
    """Cores used by this process's whole family (servers, site, worker) while nobody reports."""
    before = cpu_seconds(family())
    time.sleep(IDLE_SECONDS)
    return (cpu_seconds(family()) - before) / IDLE_SECONDS
