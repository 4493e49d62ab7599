"""Comparing what was referred with what other sides have. An empty list means that no referral is lost or doubled."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.vocabulary import By, DeliveryState
from tests.faults.checker import Violation
from tests.faults.outbound.sides import Copy
from tests.faults.outbound.world import Made


class Astray(StrEnum):
    """What may not become of a referral."""

    MISSING = "said to be delivered, and nobody has it"
    UNSEEN = "neither delivered nor on the red list"
    UNDELIVERED = "everybody takes everything again, and nobody has it"
    TWICE = "there twice, or more often than answers were lost, or under two numbers"
    UNREADABLE = "came, and is no referral of ours that its recipient can open"
    OTHER_RECEIPT = "the receipt is not what it is called there"


@dataclass(frozen=True, slots=True)
class Ended:
    """One delivery at the end."""

    state: DeliveryState
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """All that is known after a run. `healed`: everybody took everything again before it ended."""

    made: Sequence[Made]
    ended: Mapping[UUID, Ended]
    red: Set[UUID]
    copies: Mapping[By, Sequence[Copy]]
    healed: bool = True


def strays(sent: Sent) -> list[Violation]:
    """Every referral that is lost or doubled."""
    theirs: dict[UUID | None, list[Copy]] = defaultdict(list)
    for by in sent.copies:
        for copy in sent.copies[by]:
            theirs[copy.referral].append(copy)
    known = {one.id for one in sent.made}
    found = [Violation(Astray.UNREADABLE, str(id)) for id in theirs if id not in known]
    for one in sent.made:
        broken = [*_lost(sent, one, theirs[one.id]), *_doubled(sent, one, theirs[one.id])]
        found += [Violation(kind, f"{one.by} {one.id}") for kind in broken]
    return found


def _lost(sent: Sent, one: Made, copies: Sequence[Copy]) -> Iterator[Astray]:
    ended = sent.ended[one.id]
    if ended.state is not DeliveryState.DELIVERED:
        if one.id not in sent.red:
            yield Astray.UNSEEN
        elif sent.healed and not one.refused:
            yield Astray.UNDELIVERED
    elif not copies:
        yield Astray.MISSING


def _doubled(sent: Sent, one: Made, copies: Sequence[Copy]) -> Iterator[Astray]:
    numbers, ended = {copy.number for copy in copies}, sent.ended[one.id]
    if len(copies) > one.copies or len(numbers) > 1:
        yield Astray.TWICE
    elif one.by is By.CYBERTIPLINE and ended.state is DeliveryState.DELIVERED and numbers - {ended.receipt}:
        yield Astray.OTHER_RECEIPT
