"""What rules decide for one report, and who else it concerns."""

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why another agency is concerned."""

    COUNTRY = "country"
    HOSTING = "hosting"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Other:
    """Another jurisdiction: a referral, not an owner. Without an agency nobody is known in that country."""

    agency: str | None
    country: str | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class Decision:
    """One owner, by its code, and the rule that chose it with the line it stands on. `refers` are sent a referral."""

    agency: str
    rule: str
    line: int
    queue: str | None = None
    floor: int | None = None
    notify: tuple[str, ...] = ()
    others: tuple[Other, ...] = ()
    refers: tuple[str, ...] = ()
