"""The checker itself: for every way a promise can be broken, a story in which it is, and one in which it holds."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from core.receipts import receipt_hash
from tests.faults.checker import Broken, Story, violations
from tests.faults.history import POISON, Answer, Operation, Outcome, Words
from tests.faults.stored import Kept, Stored

KEY = bytes(32)
RECEIPT, OTHER = "ABCD-EFGH-JKMN-PQRS-TVWX", "0000-EFGH-JKMN-PQRS-TVWX"
SENT, ACKED, SEEN, ENDED = 10.0, 11.0, 12.0, 90.0
WORDS = Words(what="An adult asked me to keep a secret. (1)", country="IT")


def a_form(*outcomes: Outcome, words: Words = WORDS) -> Operation:
    answers = [Answer(outcome, ACKED, "", RECEIPT if outcome is Outcome.ACKED else None) for outcome in outcomes]
    return Operation(words, "token", answers=answers)


def a_row(**changed: object) -> Kept:
    row = Kept(
        id=uuid4(),
        words=WORDS,
        receipt_hash=receipt_hash(KEY, RECEIPT),
        state="filed",
        stored_at=SENT,
        case_id=uuid4(),
        wraps=1,
        agency="example-it",
        priority=3,
    )
    return replace(row, **changed)  # type: ignore[arg-type]  # whatever a story needs


def a_story(form: Operation, *rows: Kept, cases: dict[UUID, int] | None = None, seen: float = SEEN) -> Story:
    """One form, and what became of it."""
    held = Counter(row.case_id for row in rows if row.case_id)
    return Story(
        history=[form],
        stored=Stored(rows, held if cases is None else cases),
        seen_at={row.id: seen for row in rows if row.state != "received"},
        ended_at=ENDED,
        within=60,
        receipt_key=KEY,
    )


def two_cases() -> Story:
    line_added = replace(WORDS, what="An adult asked me to keep a secret. (1) It was yesterday.")
    story = a_story(a_form(Outcome.ACKED), a_row(), a_row(words=line_added))
    return replace(story, history=[*story.history, a_form(Outcome.ACKED, words=line_added)])


def two_receipts() -> Story:
    form = a_form(Outcome.ACKED)
    form.answers.append(Answer(Outcome.ACKED, ACKED, "200", OTHER))
    return a_story(form, a_row())


HOLDS: dict[str, Callable[[], Story]] = {
    "acknowledged and filed": lambda: a_story(a_form(Outcome.ACKED), a_row()),
    "pressed twice": lambda: a_story(a_form(Outcome.ACKED, Outcome.ACKED), a_row()),
    "unknown, then acknowledged": lambda: a_story(a_form(Outcome.UNKNOWN, Outcome.ACKED), a_row()),
    "given up and absent": lambda: a_story(replace(a_form(Outcome.REFUSED), given_up=True)),
    "given up and complete": lambda: a_story(replace(a_form(Outcome.UNKNOWN), given_up=True), a_row()),
    "poison set aside": lambda: a_story(
        a_form(Outcome.ACKED, words=replace(WORDS, country=POISON)),
        a_row(words=replace(WORDS, country=POISON), state="quarantined", case_id=None, wraps=0),
    ),
}
BREAKS: dict[Broken, Callable[[], Story]] = {
    Broken.LOST: lambda: a_story(a_form(Outcome.ACKED)),
    Broken.NOT_IN_A_CASE: lambda: a_story(a_form(Outcome.ACKED), a_row(wraps=0)),
    Broken.SET_ASIDE: lambda: a_story(a_form(Outcome.ACKED), a_row(state="quarantined", case_id=None)),
    Broken.MISCOUNTED: lambda: a_story(replace(a_form(Outcome.UNKNOWN), given_up=True), cases={uuid4(): 1}),
    Broken.SECOND_REPORT: lambda: a_story(a_form(Outcome.ACKED), case := a_row(), replace(case, id=uuid4())),
    Broken.OTHER_RECEIPT: two_receipts,
    Broken.SPLIT: two_cases,
    Broken.HALF: lambda: a_story(
        replace(a_form(Outcome.UNKNOWN), given_up=True), a_row(words=replace(WORDS, contact="of another"))
    ),
    Broken.INVISIBLE: lambda: a_story(a_form(Outcome.ACKED), a_row(), seen=ACKED + 60.5),
    Broken.NOT_FIRST: lambda: a_story(
        a_form(Outcome.ACKED, words=replace(WORDS, danger="yes")), a_row(words=replace(WORDS, danger="yes"), priority=2)
    ),
    Broken.ELSEWHERE: lambda: a_story(a_form(Outcome.ACKED), a_row(agency="hotline")),
    Broken.STRANGE: lambda: a_story(a_form(Outcome.STRANGE, Outcome.ACKED), a_row()),
    Broken.NEVER_TAKEN: lambda: a_story(a_form(Outcome.REFUSED, Outcome.REFUSED)),
}


@pytest.mark.parametrize("story", HOLDS.values(), ids=HOLDS)
def test_a_story_in_which_all_promises_hold(story: Callable[[], Story]) -> None:
    assert violations(story()) == []


@pytest.mark.parametrize("broken", Broken, ids=lambda broken: broken.name.lower())
def test_a_story_in_which_one_is_broken(broken: Broken) -> None:
    assert {violation.broken for violation in violations(BREAKS[broken]())} == {broken}


def test_a_row_that_does_not_open_is_half_and_lost() -> None:
    story = a_story(a_form(Outcome.ACKED), a_row(words=None))
    assert {violation.broken for violation in violations(story)} == {Broken.HALF, Broken.LOST}
