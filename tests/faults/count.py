"""How much happened in a run: a check that saw nothing proves nothing."""

from collections import Counter
from dataclasses import dataclass

from core.vocabulary import ReportState
from tests.faults.checker import Story
from tests.faults.history import Outcome


@dataclass(frozen=True, slots=True)
class Count:
    """The figures of one run. `known_later`: stored, the answer lost, sent again, and the receipt shown then."""

    forms: int
    sent: int
    acked: int
    refused: int
    unknown: int
    known_later: int
    stored: int
    filed: int
    set_aside: int
    cases: int
    longest_wait: float

    def __str__(self) -> str:
        return (
            f"{self.forms} forms sent {self.sent} times: {self.acked} acknowledged; {self.refused} sendings refused,"
            f" {self.unknown} without an answer; {self.known_later} were stored by then and got their receipt later\n"
            f"{self.stored} stored: {self.filed} filed in {self.cases} cases, {self.set_aside} set aside;"
            f" longest from acknowledgement to sight {self.longest_wait:.1f} s"
        )


def count(story: Story) -> Count:
    outcomes = Counter(answer.outcome for form in story.history for answer in form.answers)
    states = Counter(row.state for row in story.stored.reports)
    rows = story.rows()
    pairs = [(form, row) for form in story.history for row in rows.get(form.words.what, [])]
    return Count(
        forms=len(story.history),
        sent=outcomes.total(),
        acked=sum(form.acked_at is not None for form in story.history),
        refused=outcomes[Outcome.REFUSED],
        unknown=outcomes[Outcome.UNKNOWN],
        known_later=sum(
            row.stored_at < form.answers[0].at and form.answers[0].outcome is not Outcome.ACKED
            for form, row in pairs
            if form.acked_at is not None
        ),
        stored=len(story.stored.reports),
        filed=states[ReportState.FILED],
        set_aside=states[ReportState.QUARANTINED],
        cases=len(story.stored.cases),
        longest_wait=max((story.waited(form.acked_at, row) for form, row in pairs if form.acked_at), default=0.0),
    )
