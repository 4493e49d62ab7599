"""Memory over a hundred thousand reports: what the public site and two workers hold then is what they held before."""

import os
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from core.keys import IntakeKeys
from intake import tokens
from ops.bench.backlog import ANY_WAITING, LOST, some_words
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most
from ops.bench.load import posted, run_counted
from ops.bench.processes import memory_mb

ROUND, ROUNDS = 20_000, 5
CONNECTIONS = 32
GROWTH = 1.1
PATIENCE = 240  # quarters of a second


def measure(deployment: Deployment) -> Iterator[Figure]:
    """Posted through the form; each round is filed before the next begins."""
    with deployment.site_and_process() as (port, site), deployment.worker() as one, deployment.worker() as other:
        held = [
            _after_a_round(deployment, port, {"the site": [site], "two workers": [one, other]}) for _ in range(ROUNDS)
        ]
    for name, first in held[0].items():
        last = held[-1][name]
        yield at_most(
            f"memory of {name}, MB after {ROUND * ROUNDS:,} beside {ROUND:,} reports", last, "MB", first * GROWTH
        )
    yield at_most("memory: reports without a case", deployment.count(LOST), "reports", 0)
    stored = deployment.count("SELECT count(*) FROM reports")
    yield at_most("memory: reports that were acknowledged and are not there", ROUND * ROUNDS - stored, "reports", 0)
    deployment.empty()


def _after_a_round(deployment: Deployment, port: int, processes: dict[str, list[int]]) -> dict[str, float]:
    sent = run_counted(_forms(deployment.keys, port), port, CONNECTIONS, ROUND)
    assert sent.accepted == ROUND, f"of {ROUND} reports {sent.accepted} were accepted"
    for _ in range(PATIENCE):
        if not deployment.count(ANY_WAITING):
            break
        time.sleep(0.25)
    return {name: memory_mb(pids) for name, pids in processes.items()}


def _forms(keys: IntakeKeys, port: int) -> Iterator[bytes]:
    """Whole requests, no two alike."""
    while True:
        told = {"token": tokens.issue(keys.form, time.time_ns() // 1_000_000), "country": "IT", "danger": "no"}
        body = urlencode(told | {"what": f"{some_words()} {os.urandom(4).hex()}", "link": "", "email": ""}).encode()
        yield posted(port, body)
