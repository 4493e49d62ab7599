"""Deadlines by the working calendar, as a table."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.ids import new_reference, uuid7
from core.models import Case
from core.vocabulary import CaseState, Danger
from triage.deadlines import Calendar, Clock, Hours, WrongHours, calendar

ROME = Hours(
    zone="Europe/Rome",
    week={"mon": ("09:00-13:00", "14:00-18:00"), "tue": ("09:00-17:00",), "fri": ("09:00-17:00",)},
    holidays=(date(2026, 12, 25),),
    spans={"2": "30m", "3": "8wh", "4": "16wh", "5": "2d"},
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def a_case(received: datetime, priority: int = 3, **moments: datetime) -> Case:
    return Case(
        id=uuid7(), reference=new_reference(), agency_id=uuid7(), priority=priority, language="en",
        danger=Danger.UNSAID, received_at=received, state=CaseState.OPEN, **moments,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("received", "priority", "due"),
    [
        ("2026-11-02T09:00:00+01:00", 3, "2026-11-02T18:00:00+01:00"),  # Monday, with the break
        ("2026-11-02T12:00:00+01:00", 3, "2026-11-03T12:00:00+01:00"),  # into Tuesday
        ("2026-11-01T03:00:00+01:00", 3, "2026-11-02T18:00:00+01:00"),  # Sunday night counts from Monday
        ("2026-11-03T17:00:00+01:00", 3, "2026-11-06T17:00:00+01:00"),  # Wednesday and Thursday do not count
        ("2026-12-22T17:00:00+01:00", 4, "2026-12-29T17:00:00+01:00"),  # nor does Christmas
        ("2026-10-24T12:00:00+02:00", 3, "2026-10-26T18:00:00+01:00"),  # the clocks change in between
        ("2026-11-01T03:00:00+01:00", 1, "2026-11-01T04:00:00+01:00"),  # at once is at once, at night too
        ("2026-11-01T03:00:00+01:00", 2, "2026-11-01T03:30:00+01:00"),
        ("2026-11-01T03:00:00+01:00", 5, "2026-11-03T03:00:00+01:00"),
    ],
)
def test_when_a_case_must_be_decided(received: str, priority: int, due: str) -> None:
    ours = Calendar.of(ROME)
    case = a_case(at(received), priority)
    assert ours.due(case, at(received)).at == at(due)
    assert ours.due(case, at(due)).clock is Clock.BREACHED
    assert ours.due(case, at(due) - timedelta(seconds=1)).clock is Clock.RUNNING


@pytest.mark.parametrize("priority", range(1, 6))
@pytest.mark.parametrize("hours", range(0, 24 * 15, 7))
def test_the_cutoff_is_the_deadline_seen_from_behind(priority: int, hours: int) -> None:
    """What the watch looks for is what the queue shows, at every moment of two weeks."""
    ours, now = Calendar.of(ROME), at("2026-12-20T00:30:00+01:00") + timedelta(hours=hours)
    cutoff = ours.cutoff(now, priority)
    for received in (cutoff - timedelta(seconds=1), cutoff):
        assert ours.due(a_case(received, priority), now).clock is Clock.BREACHED
    assert ours.due(a_case(cutoff + timedelta(days=8), priority), now).clock is Clock.RUNNING


def test_a_stopped_clock_stands_and_goes_on_where_it_stood() -> None:
    ours = Calendar.of(ROME)
    case = a_case(at("2026-11-02T09:00:00+01:00"), stopped_at=at("2026-11-02T11:00:00+01:00"))
    later = at("2026-11-06T10:00:00+01:00")
    assert ours.due(case, later).clock is Clock.STOPPED
    case.clock_from, case.stopped_at = ours.started_again(case, later), None
    due = ours.due(case, later)
    assert due.clock is Clock.RUNNING
    assert due.at == at("2026-11-06T16:00:00+01:00"), "two of eight hours had passed"


def test_a_clock_that_had_run_out_before_it_was_stopped_is_late() -> None:
    case = a_case(at("2026-11-02T09:00:00+01:00"), stopped_at=at("2026-11-05T11:00:00+01:00"))
    assert Calendar.of(ROME).due(case, at("2026-11-06T10:00:00+01:00")).clock is Clock.BREACHED


@pytest.mark.parametrize(
    "wrong",
    [
        Hours(zone="Nowhere/Else"),
        Hours(zone="../etc/passwd"),
        Hours(week={"mon": ("9-17",)}),
        Hours(week={"mon": ("17:00-09:00",)}),
        Hours(week={"monday": ("09:00-17:00",)}),
        Hours(week={"mon": ()}),
        Hours(week={}),
        Hours(spans={"3": "soon"}),
        Hours(spans={"6": "1h"}),
    ],
)
def test_hours_that_make_no_sense_are_refused(wrong: Hours) -> None:
    with pytest.raises(WrongHours):
        Calendar.of(wrong)


def test_an_agency_without_hours_or_with_strange_ones_has_office_hours() -> None:
    sunday = a_case(datetime(2026, 11, 1, 12, tzinfo=UTC))
    for stored in (None, {"zone": 7}, {"week": {"mon": ["nonsense"]}}):
        assert calendar(stored).due(sunday, sunday.received_at).at == datetime(2026, 11, 3, 17, tzinfo=UTC)
