"""The score: a triage that is wrong is scored as wrong, each way of being wrong by its own figure."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from core.vocabulary import Danger
from ops.bench.figure import Figure
from ops.simulate import figures
from ops.simulate.became import Became
from ops.simulate.invented import Door, Invented, Sort, Told, Trap, Truth
from ops.simulate.pairs import pairs_in, precision_and_recall
from ops.simulate.score import Score, owner_of
from ops.simulate.whereabouts import Where

ITALY = Where(said="IT")
ANSWERED = frozenset({"IT", "FR"})


def one(thing: int, sort: Sort = Sort.LINK, where: Where = ITALY, now: bool = False, *traps: Trap) -> Invented:
    told = Told(Door.FORM, "en", "Words.", form=thing, danger=Danger.YES if now else Danger.NO)
    return Invented(told, Truth(thing, sort, where, now, traps))


MADE = (
    *[one(1)] * 4,
    *[one(2)] * 3,
    one(3, Sort.ALONE, now=True),
    one(4, Sort.ALONE, Where(said="NZ")),
    *[one(5, Sort.FLOOD)] * 20,
    one(6, Sort.ALONE, ITALY, False, Trap.CHILD_IN_A_FLOOD),
)
RIGHT = tuple(
    Became(
        case=UUID(int=each.truth.thing),
        owner="" if each.truth.where.said == "NZ" else "IT",
        priority=1 if each.truth.now else 3,
        case_priority=1 if each.truth.now else 3,
    )
    for each in MADE
)
FIRST_OF_2, DANGER, ABROAD, CHILD = 4, 7, 8, 29


def judged(*changes: tuple[int, dict[str, object]]) -> dict[str, Figure]:
    """The figures after these reports became something else."""
    became = list(RIGHT)
    for place, change in changes:
        became[place] = replace(became[place], **change)  # type: ignore[arg-type]  # a test's own changes
    score = Score.of(MADE, became, ANSWERED)
    told = [*figures.of_taking(len(MADE), len(MADE), 0, score), *figures.of_triage(score)]
    return {figure.name: figure for figure in told}


def missed(told: dict[str, Figure]) -> set[str]:
    return {name for name, figure in told.items() if figure.met is False}


def test_a_triage_that_is_right_meets_every_target() -> None:
    assert missed(judged()) == set()
    assert judged()["bundling: pairwise recall"].value == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ([(FIRST_OF_2, {"case": UUID(int=1)})], {"precision, without floods", "recall, without floods"}),
        ([(0, {"case": UUID(int=99)})], {"recall, without floods"}),
        ([(n, {"case": UUID(int=100 + n)}) for n in range(9, 29)], {"recall"}),
        ([(n, {"case": UUID(int=1)}) for n in range(9, 29)], {"precision"}),
    ],
    ids=["one of another thing", "one left out", "a flood in pieces", "a flood in a case of something else"],
)
def test_what_is_bundled_wrongly_misses_precision_or_recall(
    changes: Sequence[tuple[int, dict[str, object]]], wrong: set[str]
) -> None:
    assert {f"bundling: pairwise {name}" for name in wrong} <= missed(judged(*changes))


def test_a_child_that_a_flood_swallows_is_counted() -> None:
    told = judged((CHILD, {"case": UUID(int=5)}))
    assert told["bundling: children swallowed by a flood"].value == 1
    assert "bundling: children swallowed by a flood" in missed(told)


@pytest.mark.parametrize(
    ("place", "owner"), [(0, "FR"), (0, ""), (ABROAD, "IT")], ids=["another's", "the hotline's", "nobody's but taken"]
)
def test_a_wrong_country_is_counted(place: int, owner: str) -> None:
    told = judged((place, {"owner": owner}))
    assert told["wrong country"].value == pytest.approx(100 / len(MADE), rel=0.01)
    assert "wrong country" in missed(told)


@pytest.mark.parametrize("change", [{"priority": 2}, {"case_priority": 2}, {"priority": None}])
def test_danger_now_that_is_not_first_is_counted_in_its_report_and_in_its_case(change: dict[str, object]) -> None:
    assert missed(judged((DANGER, change))) == {"danger now, not ranked 1"}


def test_what_is_first_without_danger_is_shown() -> None:
    told = judged((0, {"priority": 1, "case_priority": 1}))
    assert told["ranked 1 without danger now"].value == pytest.approx(100 / len(MADE), rel=0.01)


def test_what_was_acknowledged_and_is_in_no_case_is_lost() -> None:
    told = judged((ABROAD, {"case": None}))
    assert told["acknowledged and in no case: lost"].value == 1
    assert "acknowledged and in no case: lost" in missed(told)


def test_two_lost_reports_are_not_taken_for_one_case() -> None:
    nowhere: dict[str, object] = {"case": None}
    told = judged(*((place, nowhere) for place in range(4)))
    assert told["bundling: recall by link"].value == pytest.approx(3 / 9, rel=0.01)


def test_what_is_not_acknowledged_and_what_is_stored_twice_is_counted() -> None:
    score = Score.of(MADE, RIGHT, ANSWERED)
    told = {figure.name: figure for figure in figures.of_taking(len(MADE), len(MADE) - 1, 2, score)}
    assert missed(told) == {"not acknowledged", "stored twice"}


def test_slow_is_scored_as_slow() -> None:
    assert [figure.met for figure in figures.of_waiting(200, 199, 40, 1001)] == [None, None, False]
    assert [figure.met for figure in figures.of_draining(900, 799, 2, 0.003)] == [None, False, None]


def test_what_belongs_together_in_two_countries_is_two_agencies_work() -> None:
    made = [one(1), one(1, where=Where(said="FR")), one(1, where=Where(said="FR"))]
    became = [Became(UUID(int=n), owner, 3, 3) for n, owner in ((1, "IT"), (2, "FR"), (2, "FR"))]
    assert Score.of(made, became, ANSWERED).bundling() == (1, 1)
    assert Score.of(made, became, frozenset({"IT"})).bundling() == (1, 1)


@pytest.mark.parametrize(
    ("where", "owner"),
    [
        (Where(said="IT", hosted="FR", phone="GB", named="DE"), "IT"),
        (Where(said="NZ", hosted="FR"), "FR"),
        (Where(said="NZ"), ""),
        (Where(hosted="FR"), "FR"),
        (Where(named="FR"), ""),
        (Where(), ""),
    ],
)
def test_whose_it_is_follows_from_who_said_what(where: Where, owner: str) -> None:
    assert owner_of(Truth(1, Sort.ALONE, where), ANSWERED) == owner


def test_where_nobody_tells_where_sites_are_hosting_decides_nothing() -> None:
    assert owner_of(Truth(1, Sort.ALONE, Where(hosted="FR")), ANSWERED, knows_hosting=False) == ""


def test_pairs_are_counted_and_not_reports() -> None:
    assert pairs_in("aaab") == 3
    assert precision_and_recall("aaabbb", "xxyyzz") == (2 / 3, 2 / 6)
    assert precision_and_recall("abc", "xyz") == (1, 1)
    assert precision_and_recall("abc", "xxx") == (0, 1)
    assert precision_and_recall("aaa", "xyz") == (1, 0)
