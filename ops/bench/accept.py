"""How many reports a second are accepted: sealed, durable and acknowledged."""

import sys
from collections.abc import Iterator

from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most, beside, shown
from ops.bench.load import Outcome, run_load

SECONDS = 6.0
ROUNDS = 3
P99 = {32: 60, 128: 150}
UNSTORED = (sys.executable, "-m", "ops.bench.desks", "unstored")
ONE_BY_ONE = (sys.executable, "-m", "ops.bench.desks", "one-by-one")


def measure(deployment: Deployment) -> Iterator[Figure]:
    """Limit and figure in turns, so that both meet the same machine; the median of each stands."""
    with deployment.site(UNSTORED) as unstored, deployment.site() as site, deployment.site(ONE_BY_ONE) as one_by_one:
        for connections, slowest in P99.items():
            limits, accepted = [], []
            for _ in range(ROUNDS):
                limits.append(run_load(deployment.keys, unstored, connections, SECONDS))
                accepted.append(run_load(deployment.keys, site, connections, SECONDS))
            limit, ours = median(limits), median(accepted)
            name = f"accepted, {connections} connections"
            yield beside(name, ours.per_second, "/s", limit.per_second, least=0.6)
            yield at_most(f"{name}: p99", ours.percentile(0.99), "ms", slowest)
            yield shown(f"{name}: p50", ours.percentile(0.5), "ms")
            each = run_load(deployment.keys, one_by_one, connections, SECONDS)
            yield shown(f"one transaction each, {connections} connections", each.per_second, "/s", limit.per_second)
            acknowledged = sum(outcome.accepted for outcome in (*accepted, each))
            yield at_most(
                f"{name}: lost", acknowledged - deployment.count("SELECT count(*) FROM reports"), "reports", 0
            )
            deployment.empty()


def median(outcomes: list[Outcome]) -> Outcome:
    return sorted(outcomes, key=lambda outcome: outcome.per_second)[len(outcomes) // 2]
