"""Comparing what people were told with what is there. An empty list means that the promises held."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.receipts import receipt_hash
from core.vocabulary import Danger, ReportState
from tests.faults.history import POISON, Operation, Outcome
from tests.faults.stored import Kept, Stored

HOME = "hotline"
AGENCIES = {"IT": "example-it"}


class Broken(StrEnum):
    """How a promise can be broken."""

    LOST = "P1: acknowledged and not there"
    NOT_IN_A_CASE = "P1: acknowledged and in no case"
    SET_ASIDE = "P1: set aside though nothing is wrong with it"
    MISCOUNTED = "P1: a case without the reports it says it holds"
    SECOND_REPORT = "P2: sent again and stored again"
    OTHER_RECEIPT = "P2: not the receipt shown before, or not the one stored"
    SPLIT = "P2: one receipt and two cases"
    HALF = "P3: does not open, or is not what was sent"
    INVISIBLE = "P4: acknowledged and for too long neither in a case nor set aside"
    NOT_FIRST = "in danger now and not of the first priority"
    ELSEWHERE = "not with the agency of its country"
    STRANGE = "P5: neither a receipt nor the form again"
    NEVER_TAKEN = "P5: everything works again and it is still refused"


@dataclass(frozen=True, slots=True)
class Violation:
    """What is broken, and for which form, row or case."""

    broken: StrEnum
    where: str


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known after a run. Times are of the monotonic clock."""

    history: Sequence[Operation]
    stored: Stored
    seen_at: Mapping[UUID, float]
    ended_at: float
    within: float
    receipt_key: bytes

    def rows(self) -> Mapping[str, list[Kept]]:
        """Rows by the words in them."""
        found: dict[str, list[Kept]] = defaultdict(list)
        for row in self.stored.reports:
            if row.words:
                found[row.words.what].append(row)
        return found

    def waited(self, acked_at: float, row: Kept) -> float:
        """Seconds from the acknowledgement until somebody could see it."""
        return max(0.0, self.seen_at.get(row.id, self.ended_at) - acked_at)


def violations(story: Story) -> list[Violation]:
    """Every promise that was broken."""
    rows = story.rows()
    found = [*_half(story), *_miscounted(story.stored), *_split(story.stored)]
    for form in story.history:
        mine = rows.get(form.words.what, [])
        broken = [*_told(form), *_twice(story, form, mine), *_kept(story, form, mine)]
        found += [Violation(kind, _named(form)) for kind in dict.fromkeys(broken)]
    return found


def _named(form: Operation) -> str:
    """Its number, and what its sender was told each time."""
    number = form.words.what.rpartition("(")[2].rstrip(")")
    return f"{number}: " + ", ".join(f"{answer.outcome} {answer.status}".strip() for answer in form.answers)


def _told(form: Operation) -> Iterator[Broken]:
    if any(answer.outcome is Outcome.STRANGE for answer in form.answers):
        yield Broken.STRANGE
    if form.acked_at is None and not form.given_up:
        yield Broken.NEVER_TAKEN


def _twice(story: Story, form: Operation, mine: Sequence[Kept]) -> Iterator[Broken]:
    if len(mine) > 1:
        yield Broken.SECOND_REPORT
    hashes = {receipt_hash(story.receipt_key, receipt) for receipt in form.receipts}
    if len(hashes) > 1 or (hashes and mine and hashes != {row.receipt_hash for row in mine}):
        yield Broken.OTHER_RECEIPT


def _kept(story: Story, form: Operation, mine: Sequence[Kept]) -> Iterator[Broken]:
    if form.acked_at is None:
        return
    if not mine:
        yield Broken.LOST
    for row in mine:
        if story.waited(form.acked_at, row) > story.within:
            yield Broken.INVISIBLE
        if row.state == ReportState.QUARANTINED:
            if form.words.country != POISON:
                yield Broken.SET_ASIDE
        elif row.state != ReportState.FILED or row.wraps != 1:
            yield Broken.NOT_IN_A_CASE
        else:
            yield from _placed(form, row)


def _placed(form: Operation, row: Kept) -> Iterator[Broken]:
    """Whatever else could be found out about it or not, what its sender said counts."""
    if form.words.danger == Danger.YES and row.priority != 1:
        yield Broken.NOT_FIRST
    if form.words.country and row.agency != AGENCIES.get(form.words.country, HOME):
        yield Broken.ELSEWHERE


def _half(story: Story) -> Iterator[Violation]:
    sent = {form.words.what: form.words for form in story.history}
    for row in story.stored.reports:
        if row.words is None or row.words != sent.get(row.words.what):
            yield Violation(Broken.HALF, str(row.id))


def _miscounted(stored: Stored) -> Iterator[Violation]:
    """Also a case that nothing is in: work that was done twice leaves one."""
    held: dict[UUID, int] = dict.fromkeys(stored.cases, 0)
    for row in stored.reports:
        if row.case_id:
            held[row.case_id] = held.get(row.case_id, 0) + 1
    for case, count in held.items():
        if count == 0 or count != stored.cases.get(case):
            yield Violation(Broken.MISCOUNTED, str(case))


def _split(stored: Stored) -> Iterator[Violation]:
    cases: dict[bytes, set[UUID]] = defaultdict(set)
    for row in stored.reports:
        if row.case_id:
            cases[row.receipt_hash].add(row.case_id)
    for receipt, several in cases.items():
        if len(several) > 1:
            yield Violation(Broken.SPLIT, receipt.hex()[:12])
