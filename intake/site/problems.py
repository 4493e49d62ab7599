"""What is wrong with what was sent, as a page says it."""

from dataclasses import dataclass

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the id it links to, the words, and the status that says it to machines."""

    field: str
    message: str
    status: int = UNPROCESSABLE
