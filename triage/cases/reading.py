"""Reading a case: its sealed fields are opened for one person, and the audit trail knows it first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import audit
from core.db import transaction
from core.errors import HotlineError, KeysMissing
from core.keys import ConsoleKeys
from core.models import Case, Staff
from core.sealing import KeyRing
from core.vocabulary import Act
from triage.alarms.taking import take
from triage.cases.opening import (
    PAGE,
    OpenedAnswer,
    OpenedDisposition,
    OpenedReport,
    count_reports,
    open_answers,
    open_dispositions,
    open_reports,
)
from triage.cases.person import Person
from triage.cases.routings import OpenedRouting, open_routings
from triage.cases.together import OpenedRegrouping, open_regroupings, read_links


class NoSuchCase(HotlineError):
    """There is no such case."""


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """What one person reads of a case: one of `pages` pages of its reports, every decision, answer and routing.

    `taken_by` is the name of who first opened it or said that they have it.
    """

    case: Case
    reports: Sequence[OpenedReport]
    dispositions: Sequence[OpenedDisposition]
    answers: Sequence[OpenedAnswer]
    routings: Sequence[OpenedRouting]
    regroupings: Sequence[OpenedRegrouping]
    links: Sequence[Case]
    merged_into: Case | None
    taken_by: str | None
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(-(-self.count // PAGE), 1)

    @property
    def first(self) -> int:
        """The number of the first report on this page."""
        return (self.page - 1) * PAGE + 1


def read_case(engine: Engine, keys: ConsoleKeys, person: Person, case_id: UUID, page: int = 1) -> OpenedCase:
    """The case, opened. Nothing is opened before the audit entry is committed; if it cannot be, nothing is.

    Whoever reads it has it from then on: its alarms end.

    Raises NoSuchCase, also for a case of another agency, and DatabaseTrouble.
    """
    with transaction(engine, person.agency) as session:
        find_case(session, person.agency, case_id)
        audit.record(session, person.agency, person.id, Act.CASE_READ, case_id)
        take(session, person, case_id)
    with transaction(engine, person.agency) as session:
        return _open_case(session, keys, person, case_id, page)


def find_case(session: Session, agency: UUID, case_id: UUID, lock: bool = False) -> Case:
    """This agency's case. Raises NoSuchCase."""
    query = select(Case).where(Case.id == case_id, Case.agency_id == agency)
    case = session.scalar(query.with_for_update(key_share=True) if lock else query)
    if case is None:
        raise NoSuchCase
    return case


def _open_case(session: Session, keys: ConsoleKeys, person: Person, case_id: UUID, page: int) -> OpenedCase:
    case = find_case(session, person.agency, case_id)
    ring = ring_of(keys, person.agency_code)
    count = count_reports(session, person.agency, case_id)
    page = min(max(page, 1), max(-(-count // PAGE), 1))
    reports = open_reports(session, ring, person.agency, case_id, page)
    return OpenedCase(
        case,
        reports,
        dispositions=open_dispositions(session, ring, person.agency, case_id),
        answers=open_answers(session, ring, person.agency, case_id),
        routings=open_routings(session, ring, person.agency, case_id),
        regroupings=open_regroupings(session, ring, person.agency, case_id),
        links=read_links(session, person.agency, case_id),
        merged_into=_merged_into(session, person.agency, case),
        taken_by=session.scalar(select(Staff.name).where(Staff.id == case.taken_by)),
        count=count,
        page=page,
    )


def _merged_into(session: Session, agency: UUID, case: Case) -> Case | None:
    """None also for one that has gone to another agency since."""
    return session.scalar(select(Case).where(Case.id == case.merged_into, Case.agency_id == agency))


def ring_of(keys: ConsoleKeys, agency_code: str) -> KeyRing:
    """An agency whose key file is not here opens nothing; its pages say so."""
    try:
        return keys.ring(agency_code)
    except KeysMissing:
        return KeyRing([])
