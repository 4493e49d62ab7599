"""Hostile text costs no more than its length: twice as much takes about twice as long, and there is an end to it."""

import time

import pytest

from core.details import NOTHING, Details
from triage.reading.passages import LONGEST, MOST_CHARACTERS
from triage.reading.read import MOST_IDENTIFIERS, Hints, read

HOSTILE = (
    *("(", "[.", "a.", "a@", "https://", "1", "0 ", "1.2.3.", ":", "1:", "hxxp", "@a ", "snap ", "on snap ", "a dot "),
    *("not ", "he is ", "x.com/", "192.0.2.1 ", "+44 1632 960001 ", "d41d8cd98f00b204e9800998ecf8427e ", "kill "),
    *("\u200b", "а", "我", "%41", "https://a.example/" + ")" * 40, "will send it ", "'", "a'", "ﷺ", "\u0301"),
    "0x" + "aB" * 20 + " ",
)


def seconds(text: str) -> float:
    started = time.process_time()
    read({"what": text}, NOTHING, Hints("GB", "en"))
    return time.process_time() - started


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_takes_about_twice_the_time(piece: str) -> None:
    half, whole = (piece * (length // len(piece)) for length in (LONGEST // 4, LONGEST))
    seconds(half)
    assert min(seconds(whole) for _ in range(2)) < 8 * max(min(seconds(half) for _ in range(2)), 0.01)


def test_no_more_is_read_than_a_limit() -> None:
    reading = read({"what": "a " * LONGEST}, NOTHING, Hints())
    assert reading.cut
    fields = {f"{n}": "b " * (LONGEST // 2) for n in range(10)}
    assert read(fields, NOTHING, Hints()).cut and sum(map(len, fields.values())) > MOST_CHARACTERS


def test_no_more_is_kept_than_a_limit() -> None:
    reading = read({"what": " ".join(f"u{n}@mail.example" for n in range(350))}, NOTHING, Hints())
    assert reading.cut and len(reading.identifiers) == MOST_IDENTIFIERS
    assert not read({"what": "one@mail.example"}, Details(account="dragon"), Hints()).cut
