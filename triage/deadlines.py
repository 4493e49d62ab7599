"""Deadlines: how soon a case must be decided, by its priority and its agency's working hours.

Nothing is stored with a case but where its clock counts from: a calendar that changes changes every deadline at once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from core.errors import HotlineError
from core.models import Case

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = dict.fromkeys(DAYS[:5], ("09:00-17:00",))
SPANS = {"1": "1h", "2": "4h", "3": "16wh", "4": "40wh", "5": "80wh"}
FAR = 800  # days looked at; a calendar with no hours in so long a time has none
_SPAN = re.compile(r"(\d{1,4})(m|h|d|wh)")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_UNIT = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "wh": timedelta(hours=1)}

Opening = tuple[datetime, datetime]


class WrongHours(HotlineError):
    """Working hours look like `09:00-17:00`, and deadlines like `30m`, `4h`, `2d`, or `16wh` for working hours."""


class Clock(StrEnum):
    """How a case stands with its deadline."""

    RUNNING = "running"
    STOPPED = "stopped"
    BREACHED = "breached"


class Hours(msgspec.Struct, frozen=True, omit_defaults=True):
    """As an agency's row holds it: a time zone, hours by weekday, days off, and a span for each priority."""

    zone: str = "UTC"
    week: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=lambda: dict(OFFICE))
    holidays: tuple[date, ...] = ()
    spans: Mapping[str, str] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, stored: object) -> "Hours":
        """Raises WrongHours."""
        try:
            return msgspec.convert(stored or {}, cls)
        except msgspec.ValidationError:
            raise WrongHours from None


@dataclass(frozen=True, slots=True)
class Due:
    """When a case must be decided, and how it stands with that."""

    at: datetime
    clock: Clock


@dataclass(frozen=True)
class Calendar:
    """An agency's time. `spans` are (how long, whether only working hours count) by priority."""

    zone: ZoneInfo
    week: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: frozenset[date]
    spans: Mapping[int, tuple[timedelta, bool]]

    @classmethod
    def of(cls, hours: Hours) -> "Calendar":
        """Raises WrongHours."""
        if not set(hours.week) <= set(DAYS) or not set(hours.spans) <= set(SPANS):
            raise WrongHours
        week = {DAYS.index(day): tuple(map(_opening, sorted(times))) for day, times in hours.week.items()}
        if not any(week.values()):
            raise WrongHours
        spans = {int(priority): _span(span) for priority, span in (SPANS | dict(hours.spans)).items()}
        return cls(_zone(hours.zone), week, frozenset(hours.holidays), spans)

    def due(self, case: Case, now: datetime) -> Due:
        """A stopped clock stands where it was; one that ran out stays so."""
        at = self.add(case.clock_from or case.received_at, case.priority)
        if at <= (case.stopped_at or now):
            return Due(at, Clock.BREACHED)
        return Due(at, Clock.STOPPED if case.stopped_at else Clock.RUNNING)

    def add(self, start: datetime, priority: int) -> datetime:
        """When the span of this priority is over for what began at `start`."""
        left, working = self.spans[priority]
        if not working:
            return start + left
        for opens, closes in self._from(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        return start + timedelta(days=FAR)

    def cutoff(self, now: datetime, priority: int) -> datetime:
        """What began at this moment or earlier has run out of time."""
        span, working = self.spans[priority]
        return self.before(now, span) if working else now - span

    def before(self, now: datetime, span: timedelta) -> datetime:
        """The latest moment from which `span` of working time has passed until now."""
        for opens, closes in self._back_from(now):
            if span <= closes - opens:
                return closes - span
            span -= closes - opens
        return now - timedelta(days=FAR)

    def started_again(self, case: Case, now: datetime) -> datetime:
        """Where its clock counts from, when what passed while it stood still does not count."""
        assert case.stopped_at
        start, (_, working) = case.clock_from or case.received_at, self.spans[case.priority]
        if not working:
            return start + (now - case.stopped_at)
        passed = sum((closes - opens for opens, closes in self._between(start, case.stopped_at)), timedelta(0))
        return self.before(now, passed)

    def _between(self, start: datetime, end: datetime) -> Iterator[Opening]:
        for opens, closes in self._from(start):
            if opens >= end:
                return
            yield opens, min(closes, end)

    def _from(self, start: datetime) -> Iterator[Opening]:
        first = start.astimezone(self.zone).date() - timedelta(days=1)
        for ahead in range(FAR):
            for opens, closes in self._on(first + timedelta(days=ahead)):
                if closes > start:
                    yield max(opens, start), closes

    def _back_from(self, end: datetime) -> Iterator[Opening]:
        last = end.astimezone(self.zone).date() + timedelta(days=1)
        for back in range(FAR):
            for opens, closes in reversed(self._on(last - timedelta(days=back))):
                if opens < end:
                    yield opens, min(closes, end)

    def _on(self, day: date) -> list[Opening]:
        """In UTC, so that the night the clocks change is as long as it is."""
        if day in self.holidays:
            return []
        return [(self._utc(day, opens), self._utc(day, closes)) for opens, closes in self.week.get(day.weekday(), ())]

    def _utc(self, day: date, at: time) -> datetime:
        """The last minute of a day is its end."""
        end = at == time.max
        local = datetime.combine(day + timedelta(days=end), time(0) if end else at, self.zone)
        return local.astimezone(UTC)


@lru_cache(maxsize=256)
def calendar_of(stored: bytes) -> Calendar:
    """From an agency's row as JSON. What cannot be read counts as office hours in UTC: a deadline is never missing."""
    try:
        return Calendar.of(Hours.of(msgspec.json.decode(stored)))
    except WrongHours:
        return Calendar.of(Hours())


def calendar(stored: object) -> Calendar:
    return calendar_of(msgspec.json.encode(stored, order="sorted"))


def _span(text: str) -> tuple[timedelta, bool]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise WrongHours
    return int(found[1]) * _UNIT[found[2]], found[2] == "wh"


def _opening(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise WrongHours
    opens = time(int(found[1]), int(found[2]))
    closes = time.max if found[3] == "24" else time(int(found[3]), int(found[4]))
    if closes <= opens:
        raise WrongHours
    return opens, closes


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise WrongHours(f"There is no time zone {name!r}; one looks like Europe/Rome.") from None
