"""Ranking: how soon a person must read a report, 1 (at once) to 5 (lowest), and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.details import Details
from core.vocabulary import Danger, Reason, Risk, Sign
from triage.reading.found import RiskSign
from triage.waiting import Taken

LOWEST = 5
USUAL = 3
NOTHING_TO_WORK_WITH = {Danger.YES: 3}
BEHIND = 4  # what a flood brings: read after the rest, whatever it says of itself
SOON = {
    Reason.DANGER_SAID: 1,
    Reason.DANGER_IN_WORDS: 1,
    Reason.SUICIDAL: 1,
    Reason.DANGER_UNSURE: 2,
    Reason.MEETING: 2,
    Reason.THREATS: 2,
    Reason.PAYMENT: 2,
    Reason.SHARED: 2,
    Reason.AT_HOME: 2,
    Reason.PARTNER_URGENT: 2,
    Reason.YOUNG: 3,
    Reason.SELF_MADE: 3,
}
"""How soon each reason asks for a person; what stands at the usual is said and changes nothing by itself."""

BY_DANGER = {Danger.YES: Reason.DANGER_SAID, Danger.UNSURE: Reason.DANGER_UNSURE}
BY_RISK = {Risk.MEET: Reason.MEETING, Risk.THREAT: Reason.THREATS, Risk.SHARED: Reason.SHARED}
BY_SIGN = {
    Sign.DANGER_NOW: Reason.DANGER_IN_WORDS,
    Sign.SUICIDAL: Reason.SUICIDAL,
    Sign.MEETING: Reason.MEETING,
    Sign.THREATS: Reason.THREATS,
    Sign.PAYMENT: Reason.PAYMENT,
    Sign.AT_HOME: Reason.AT_HOME,
    Sign.YOUNG: Reason.YOUNG,
    Sign.SELF_MADE: Reason.SELF_MADE,
}


@dataclass(frozen=True, slots=True)
class Rank:
    """A priority and every reason for it, the most urgent first."""

    priority: int
    reasons: tuple[Reason, ...]


def rank(report: Taken, details: Details, signs: Iterable[RiskSign] = ()) -> Rank:
    """What a report's own answers and words give it; how much else it tells makes it no more urgent."""
    found = rank_of(report.danger, details, signs)
    if not report.crowded:
        return found
    return Rank(max(found.priority, BEHIND), (*found.reasons, Reason.FLOOD))


def rank_of(danger: Danger, details: Details, signs: Iterable[RiskSign] = ()) -> Rank:
    """The most urgent reason counts; half a report that tells nothing yet waits behind those that do."""
    reasons = _reasons(danger, details, signs)
    if not details.told:
        return Rank(NOTHING_TO_WORK_WITH.get(danger, LOWEST), (*reasons, Reason.NOTHING_TOLD))
    return Rank(min([SOON[reason] for reason in reasons], default=USUAL), reasons)


def _reasons(danger: Danger, details: Details, signs: Iterable[RiskSign]) -> tuple[Reason, ...]:
    answered = [BY_DANGER[danger]] if danger in BY_DANGER else []
    ticked = [BY_RISK[risk] for risk in details.risks if risk in BY_RISK]
    said = [Reason.PARTNER_URGENT] if details.urgency else []
    read = [
        BY_SIGN[one.sign] for one in signs if one.sign in BY_SIGN and (one.language or one.sign is not Sign.DANGER_NOW)
    ]
    return tuple(sorted(dict.fromkeys([*answered, *ticked, *said, *read]), key=SOON.__getitem__))
