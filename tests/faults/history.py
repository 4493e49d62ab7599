"""What people sent and what they were told: the side of the story the checker believes."""

from dataclasses import asdict, dataclass, field
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
    """What a sender knew, and since what time of the monotonic clock."""

    outcome: Outcome
    at: float
    status: str = ""
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The fields of one form. `what` is different in every form, so a stored row tells whose it is."""

    what: str
    link: str = ""
    contact: str = ""
    country: str = ""
    danger: str = ""

    def as_fields(self) -> dict[str, str]:
        """As the form has them."""
        fields = asdict(self)
        return {"email": fields.pop("contact"), **fields}


@dataclass(slots=True)
class Operation:
    """One filled form, on the site or in an app's frame. `token` is the form's own; sending again sends the same."""

    words: Words
    token: str = ""
    place: str = "/en/report"
    given_up: bool = False
    answers: list[Answer] = field(default_factory=list)

    @property
    def acked_at(self) -> float | None:
        """When its sender was first told that it is there."""
        return min((answer.at for answer in self.answers if answer.outcome is Outcome.ACKED), default=None)

    @property
    def is_unsure(self) -> bool:
        """Whether its sender will press the button again."""
        return bool(self.answers) and self.acked_at is None and not self.given_up

    @property
    def receipts(self) -> set[str]:
        return {answer.receipt for answer in self.answers if answer.receipt}
