"""What people sent and what they were told: the side of the story the checker believes."""

from dataclasses import dataclass, field
from enum import StrEnum

POISON = "AQ"  # the country of reports that kill their worker, where workers are poisoned; nobody lives there


class Outcome(StrEnum):
    """What one sending came to, as its sender sees it."""

    ACKED = "acked"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class Answer:
    """At what time (of the monotonic clock) a sender knew, and what."""

    outcome: Outcome
    at: float
    receipt: str | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The fields of one form. `what` is different in every form, so a stored row tells whose it is."""

    what: str
    link: str = ""
    contact: str = ""
    country: str = ""
    danger: str = ""


@dataclass(slots=True)
class Operation:
    """One filled form. `token` is the form's own; sending again sends the same."""

    token: str
    words: Words
    given_up: bool = False
    answers: list[Answer] = field(default_factory=list)

    @property
    def acked_at(self) -> float | None:
        """When its sender was first told that it is there."""
        return min((answer.at for answer in self.answers if answer.outcome is Outcome.ACKED), default=None)

    @property
    def receipts(self) -> set[str]:
        return {answer.receipt for answer in self.answers if answer.receipt}

    @property
    def first(self) -> Outcome | None:
        return self.answers[0].outcome if self.answers else None
