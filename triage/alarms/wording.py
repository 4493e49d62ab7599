"""What somebody on call reads. A stranger who reads it over their shoulder learns that a case waits, and no more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from core.settings import Settings
from core.vocabulary import AlarmKind
from triage.referrals.letters import Notice

SHOWN = 20
URGENT: Sequence[str] = (AlarmKind.DANGER, AlarmKind.DEADLINE, AlarmKind.RULE)
WHY: Mapping[str, tuple[str, str]] = {
    AlarmKind.DANGER: ("needs somebody now", "nobody has opened it yet"),
    AlarmKind.DEADLINE: ("is late", "its deadline has passed"),
    AlarmKind.RULE: ("came in", "a rule says that you are told"),
}
"""In a subject, and in a line."""
SOON = {1: "at once", 2: "soon", 3: "normal", 4: "low", 5: "lowest"}


@dataclass(frozen=True, slots=True)
class Ringing:
    """One alarm that is due, and its case."""

    alarm: UUID
    kind: str
    team: str | None
    rings: int
    case: UUID
    reference: str
    priority: int
    since: datetime


def alarm(settings: Settings, ringing: Sequence[Ringing]) -> Notice:
    """At once come first, then what has waited longest; each case once."""
    most_urgent = sorted(ringing, key=lambda one: (URGENT.index(one.kind), one.priority, one.since))
    in_order = list({one.case: one for one in reversed(most_urgent)}.values())[::-1]
    more = f" and {len(in_order) - 1} more" if len(in_order) > 1 else ""
    first = in_order[0]
    lines = [line for one in in_order[:SHOWN] for line in _lines(settings, one)]
    if len(in_order) > SHOWN:
        lines.append(f"And {len(in_order) - SHOWN} more: {settings.console_address}/")
    if first.kind != AlarmKind.RULE:
        lines.append("Open the case, or press “I have it” here, and this does not ring again:")
        lines.append(f"{settings.console_address}/alarms")
    return Notice(f"{settings.name}: {first.reference}{more} {WHY[first.kind][0]}", tuple(lines))


def digest(
    settings: Settings, open_cases: Sequence[tuple[int, int, int]], undelivered: int, quarantined: int, to_check: int
) -> Notice:
    """`open_cases` are (priority, how many, how many of them late)."""
    total, late = sum(row[1] for row in open_cases), sum(row[2] for row in open_cases)
    lines = [f"Open cases: {total}, of which late: {late}"]
    lines += [f"  priority {priority} ({SOON[priority]}): {count}" for priority, count, _ in open_cases]
    if undelivered:
        lines.append(f"Referrals and takedown notices that could not be delivered: {undelivered}")
    if quarantined:
        lines.append(f"Reports in quarantine: {quarantined}")
    if to_check:
        lines.append(f"Links of which somebody should say whether they are gone: {to_check}")
    lines.append(f"{settings.console_address}/")
    return Notice(f"{settings.name}: {total} cases are open", tuple(lines))


def _lines(settings: Settings, one: Ringing) -> Iterator[str]:
    since = one.since.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    yield f"{one.reference}, {SOON[one.priority]}, received {since} UTC, {WHY[one.kind][1]}"
    yield f"{settings.console_address}/cases/{one.case}"
