"""The links of a case, each with everything that was asked about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.errors import KeysMissing
from core.keys import ConsoleKeys
from triage.cases.person import Person
from triage.cases.reading import OpenedCase, ring_of
from triage.takedowns.links import Link, links_of
from triage.takedowns.listing import OpenedTakedown, takedowns_of


@dataclass(frozen=True, slots=True)
class CaseLink:
    """`link` is None when no report that is shown names it; `url` when it does not open."""

    link: Link | None = field(repr=False)
    url: str | None = field(repr=False)
    takedowns: Sequence[OpenedTakedown]

    @property
    def is_free(self) -> bool:
        """Whether somebody can be asked to remove it."""
        return self.link is not None and not any(one.is_running for one in self.takedowns)


@dataclass(frozen=True, slots=True)
class CaseLinks:
    """Those of the reports that are shown, then those that were asked for earlier; `more` are named than are here."""

    links: Sequence[CaseLink]
    more: bool

    @property
    def free(self) -> Sequence[Link]:
        return [one.link for one in self.links if one.link and one.is_free]

    @property
    def running(self) -> Sequence[OpenedTakedown]:
        return [takedown for one in self.links for takedown in one.takedowns if takedown.is_running]


def case_links(session: Session, keys: ConsoleKeys, person: Person, opened: OpenedCase) -> CaseLinks:
    """Of a case that was opened for this person, so the audit trail knows. Without the agency's key there is none."""
    try:
        named, more = links_of(keys, person, opened.reports)
    except KeysMissing:
        named, more = [], False
    marks = [link.mark for link in named]
    ring = ring_of(keys, person.agency_code)
    known: dict[bytes, list[OpenedTakedown]] = {mark: [] for mark in marks}
    for takedown in takedowns_of(session, ring, person, opened.case.id, marks):
        known.setdefault(takedown.mark, []).append(takedown)
    links = [CaseLink(link, link.url, known.pop(link.mark)) for link in named]
    return CaseLinks([*links, *(CaseLink(None, these[0].link, these) for these in known.values())], more)
