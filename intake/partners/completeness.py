"""Completeness: how much of what an investigator needs was told. It is advice, and never raises a priority.

Half-empty reports are the first thing that investigators complain of, so each thing that is missing comes back with
what to send and why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import msgspec

from core.accounts import Account
from core.vocabulary import Missing, Side
from intake.submission import Submission

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is needed: what share of the whole it is, and why."""

    weight: int
    is_there: Callable[[Submission], bool]
    why: str


def _reported(submission: Submission) -> list[Account]:
    return [account for account in submission.details.accounts if account.side is Side.REPORTED]


def _names_an_account(submission: Submission) -> bool:
    return any(
        account.id or account.handle or account.emails or account.phones or account.urls
        for account in _reported(submission)
    )


NEEDS: Mapping[Missing, Need] = {
    Missing.ACCOUNT: Need(20, _names_an_account, "Without an id, handle, e-mail or number nobody can be asked about."),
    Missing.ADDRESS: Need(
        20,
        lambda told: any(seen.at for account in _reported(told) for seen in account.seen),
        "An address with its time is what a carrier can turn into a subscriber.",
    ),
    Missing.PORT: Need(
        5,
        lambda told: any(seen.port for account in _reported(told) for seen in account.seen),
        "Carriers share one address among thousands; the source port tells them apart.",
    ),
    Missing.MOMENT: Need(10, lambda told: bool(told.details.happened), "Logs are kept by time, and not for long."),
    Missing.PLACE: Need(
        5,
        lambda told: bool(told.link or told.details.urls or told.details.conversation),
        "A link or a conversation's id says where to secure what is left.",
    ),
    Missing.SERVICE: Need(5, lambda told: bool(told.details.service), "Which service holds the records."),
    Missing.WORDS: Need(10, lambda told: bool(told.what.strip()), "What happened decides what is done first."),
    Missing.EVIDENCE: Need(
        10,
        lambda told: bool(told.details.messages or any(file.hashes for file in told.details.files)),
        "Messages as text, or hashes of files, show what was done.",
    ),
    Missing.AGE: Need(5, lambda told: told.details.age is not None, "How old the child is changes law and urgency."),
    Missing.COUNTRY: Need(
        5, lambda told: bool(told.country or told.details.child_country), "It decides which agency gets the report."
    ),
    Missing.CONTACT: Need(5, lambda told: bool(told.contact), "Somebody who can be asked."),
}


def missing_in(submission: Submission) -> tuple[Missing, ...]:
    """What was not told, the weightiest first."""
    absent = [missing for missing, need in NEEDS.items() if not need.is_there(submission)]
    return tuple(sorted(absent, key=lambda missing: -NEEDS[missing].weight))


def score(missing: tuple[Missing, ...]) -> int:
    """0 to 100."""
    return WHOLE - sum(NEEDS[each].weight for each in missing)


def measured(submission: Submission) -> Submission:
    """The same, knowing what is missing in it."""
    missing = missing_in(submission)
    details = msgspec.structs.replace(submission.details, missing=missing)
    return replace(submission, details=details, completeness=score(missing))
