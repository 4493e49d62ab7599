"""The figures of a run, beside their targets."""

from collections.abc import Iterator
from itertools import chain

from ops.bench.figure import Figure, at_least, at_most, shown
from ops.simulate.invented import Sort, Trap
from ops.simulate.score import Judged, Score

PRECISION, RECALL = 0.99, 0.95
ELSEWHERE = 1.0  # percent
SLOWEST = 1_000  # ms
DRAINED = 800  # reports a second


def of_taking(sent: int, accepted: int, stored_twice: int, score: Score) -> Iterator[Figure]:
    """Whether all that was sent is there, once."""
    yield shown("reports sent", sent, "reports")
    yield at_most("not acknowledged", sent - accepted, "reports", 0)
    yield at_most("acknowledged and in no case: lost", score.count(lambda one: one.is_lost), "reports", 0)
    yield at_most("stored twice", stored_twice, "reports", 0)


def of_triage(score: Score) -> Iterator[Figure]:
    """What triage made of it."""
    for name, (precision, recall) in (("", score.bundling()), (", without floods", score.outside_floods)):
        yield at_least(f"bundling: pairwise precision{name}", precision, "", PRECISION)
        yield at_least(f"bundling: pairwise recall{name}", recall, "", RECALL)
    for sort in (each for each in Sort if each is not Sort.ALONE):
        yield shown(f"bundling: recall by {sort}", score.recall_by(sort), "")
    yield at_most("bundling: children swallowed by a flood", score.swallowed, "children", 0)
    yield at_most("wrong country", score.share(lambda one: one.is_elsewhere), "%", ELSEWHERE)
    yield at_most("danger now, not ranked 1", score.count(lambda one: one.waits), "reports", 0)
    yield from chain(_of_danger(score), _of_false_alarms(score))


def _of_danger(score: Score) -> Iterator[Figure]:
    yield shown("danger now", score.count(lambda one: one.truth.now), "reports")
    said = score.count(lambda one: Trap.DANGER_ONLY_IN_WORDS in one.truth.traps)
    yield shown("of these by words alone", said, "reports")


def _of_false_alarms(score: Score) -> Iterator[Figure]:
    def past(one: Judged) -> bool:
        return Trap.WORDS_OF_PAST_DANGER in one.truth.traps

    yield shown("ranked 1 without danger now", score.share(lambda one: one.is_false_alarm), "%")
    yield shown("words of past danger", score.count(past), "reports")
    yield shown("of these ranked 1", score.count(lambda one: past(one) and one.is_false_alarm), "reports")


def of_waiting(rate: float, arrived: float, p50: float, p99: float) -> Iterator[Figure]:
    """How long people waited while others reported."""
    yield shown("arrived", arrived, "/s", rate)
    yield shown("report to case: p50", p50, "ms")
    yield at_most("report to case: p99", p99, "ms", SLOWEST)


def of_draining(accepted: float, drained: float, workers: int, cost: float | None) -> Iterator[Figure]:
    """How fast a pile goes down. What one costs, database included, says how fast it would where nothing else runs."""
    yield shown("accepted", accepted, "/s")
    yield at_least(f"fully triaged, {workers} workers" if workers else "fully triaged", drained, "reports/s", DRAINED)
    if cost is not None:
        yield shown("processor time for each", cost * 1000, "ms")
