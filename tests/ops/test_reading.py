"""The reading age: what a child reads is for a child, and the measure can say no."""

import pytest
from click.testing import CliRunner

from ops import reading
from ops.reading import OLDEST, read, read_childrens_text, reading_age, text_of, words_in


def test_childrens_text_is_for_readers_of_nine() -> None:
    readings = list(read_childrens_text())
    names = ["young-people", "leaving", "landing", "questions", "receipt", "coming back", "what is wrong"]
    assert [found.name for found in readings] == names
    assert [found for found in readings if not found.is_for_children] == []


def test_the_index_is_the_published_formula() -> None:
    # 9 words, 35 letters, 1 sentence: 4.71 * 35 / 9 + 0.5 * 9 - 21.43
    assert read("a text", "The quick brown fox jumps over the lazy dog.").index == pytest.approx(1.387, abs=0.001)


def test_long_words_and_long_sentences_are_noticed() -> None:
    heavy = read("terms", "Notwithstanding jurisdictional considerations, confidentiality applies indefinitely.")
    assert heavy.age > OLDEST
    assert not heavy.is_for_children
    long = read("a text", "We " + "go and " * 12 + "stop. It is ok.")
    assert words_in(long.longest) == 26
    assert not long.is_for_children


def test_a_line_ends_a_sentence() -> None:
    assert read("a list", "One two three\nFour five").longest == "One two three"


def test_the_command_fails_when_a_text_is_too_hard(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(reading_age).exit_code == 0
    monkeypatch.setattr(reading, "OLDEST", 3)
    assert CliRunner().invoke(reading_age).exit_code == 1


def test_where_a_source_is_wrapped_no_sentence_ends() -> None:
    body = "<p>One two three\nfour five.</p>\n<ul>\n<li>Six seven</li>\n<li>eight</li>\n</ul>"
    assert [line.split() for line in text_of(body).splitlines() if line.strip()] == [
        ["One", "two", "three", "four", "five."],
        ["Six", "seven"],
        ["eight"],
    ]
