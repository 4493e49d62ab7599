"""Ranking: how soon a person must read a report, 1 (at once) to 5 (lowest)."""

from core.details import NOTHING, Details
from core.sealing import DataKey, Row
from core.vocabulary import Danger, Risk
from triage.waiting import Taken

LOWEST = 5
BY_DANGER = {Danger.YES: 1, Danger.UNSURE: 2, Danger.UNSAID: 3, Danger.NO: 3}
SOON = 2
URGENT = frozenset({Risk.MEET, Risk.THREAT, Risk.SHARED})
NOTHING_TO_WORK_WITH = {Danger.YES: 3}
BEHIND = 4  # what a flood brings: read after the rest, whatever it says of itself


def rank(report: Taken, details: Details) -> int:
    """The priority that a report's own answers give it."""
    priority = priority_of(report.danger, details)
    return max(priority, BEHIND) if report.crowded else priority


def priority_of(danger: Danger, details: Details) -> int:
    """Danger first, then what was ticked; half a report that tells nothing yet waits behind those that do."""
    if not details.told:
        return NOTHING_TO_WORK_WITH.get(danger, LOWEST)
    return min(BY_DANGER[danger], SOON) if URGENT & set(details.risks) else BY_DANGER[danger]


def read_details(report: Taken, key: DataKey) -> Details:
    """What the reporter ticked; a report of before there were such questions has none. Raises CannotOpen."""
    if not report.details:
        return NOTHING
    return Details.from_text(key.open(Row("reports", report.id), "details", report.details))
