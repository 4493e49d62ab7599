"""What docs/routing.md shows can be used as it stands, and no text whatever breaks the reader."""

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.settings import ROOT
from ops.routing.commands import routing
from tests.triage.routing.invented import BOOK, an_entry
from triage.routing.book import Book
from triage.routing.checking import check
from triage.routing.fields import WORDS, Field
from triage.routing.golden import check_golden

MANUAL = (ROOT / "docs/routing.md").read_text()
SHOWN = dedent("\n".join(re.findall(r"^    .*$|^$", MANUAL.partition("\n## How rules are changed")[0], re.MULTILINE)))
NAMED = Book.of(
    [
        an_entry("hotline"),
        an_entry("it-some-agency", "IT"),
        an_entry("it-another-agency", "IT"),
        an_entry("se-some-agency", "SE", receives=False),
    ]
)


def test_the_rules_that_the_manual_shows_are_right() -> None:
    document, problems = check(SHOWN, NAMED)
    assert document, problems
    assert [one.has_moved for one in check_golden(document, NAMED)] in ([False], [True])
    assert len(document.rules) == 3 and len(document.fallbacks) == 1


@pytest.mark.parametrize("field", [field for field in WORDS if field is not Field.CHANNEL])
def test_the_manual_lists_every_value(field: Field) -> None:
    [row] = re.findall(rf"^\| `{field}` \|(.*)\|$", MANUAL, re.MULTILINE)
    assert {word.strip("`") for word in re.findall(r"`\w+`", row)} == {word.value for word in WORDS[field]}


def test_the_manual_names_every_field_and_every_command() -> None:
    assert all(f"`{field}`" in MANUAL for field in Field)
    assert all(f"hotline routing {name}" in MANUAL for name in routing.commands)


STARTS = (
    "set",
    "queues",
    "rule",
    "otherwise",
    "refused by",
    "example",
    "when",
    "and",
    "send to",
    "refer to",
    "queue",
    "goes to",
)
WORDS_OF_RULES = ("priority at least", "notify", "is", "is not", "country", "hosting country", "age", "risk", ",", "7")
NAMES = ("IT", "EU", "unknown", "the hotline", "the agency of the country", "it-police", "nobody", "13_15", "x", ":")
SIGNS = ("#", "\n", "\n  ", "\u202e", "\x00", "\u2028", '"', "ı", "ß")
PIECES = st.sampled_from((*STARTS, *WORDS_OF_RULES, *NAMES, *SIGNS))


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=40).map(" ".join))
def test_no_text_breaks_the_reader_and_every_problem_has_a_line_of_the_text(text: str) -> None:
    document, problems = check(text, BOOK)
    assert (document is None) is bool(problems)
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems)
