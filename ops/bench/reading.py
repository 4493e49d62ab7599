"""Reading: what it costs a worker, for what people send and for what is made to hurt."""

import time
from collections.abc import Callable, Iterator, Mapping

from core.details import NOTHING
from ops.bench.figure import Figure, at_most
from ops.bench.load import WORDS
from triage.reading.read import Hints, read

ROUNDS = 300
HOSTILE = 200_000  # characters, in several fields
USUAL = {"what": WORDS * 4}
TELLING = {
    "what": f"{WORDS}. He is dragon_77 on snapchat, see hxxps://room[.]example/a or call +44 1632 960123",
    "link": "https://www.instagram.com/dragon_77/?igsh=abc",
}
PIECES = ("(", "a.", "https://", "0 ", "+44 1632 960001 ", "snap ", "192.0.2.1 ", "will send it ")


def measure() -> Iterator[Figure]:
    """Processor time of this process: nothing else is in it."""
    yield at_most("reading: usual words", _microseconds(USUAL), "us/report", 400)
    yield at_most("reading: words full of identifiers", _microseconds(TELLING), "us/report", 2000)
    worst = max(map(_hurt, PIECES))
    yield at_most("reading: 200,000 hostile characters", worst * 1000, "ms", 500)


def _microseconds(words: Mapping[str, str]) -> float:
    for _ in range(20):
        _read(words)
    return 1e6 * min(_seconds(lambda: _read(words)) for _ in range(ROUNDS))


def _read(words: Mapping[str, str]) -> None:
    read(words, NOTHING, Hints(country="GB", language="en"))


def _seconds(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _hurt(piece: str) -> float:
    """The better of two, in fields in which people tell something."""
    words = {f"{number}.note": piece * (HOSTILE // 4 // len(piece)) for number in range(4)}
    return min(_seconds(lambda: _read(words)) for _ in range(2))
