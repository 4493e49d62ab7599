"""Two walls between agencies, each of which holds alone: row-level security, and the filter in the code."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text

from core.db import connect, transaction
from core.errors import DatabaseTrouble
from core.keys import ConsoleKeys
from core.models import AuditEntry, Case, DispositionRecord, Report, ReportKey
from core.settings import Settings
from core.vocabulary import CaseState, Disposition
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.analyst import cases_of, hire, person_of
from triage.cases.disposition import record_disposition
from triage.cases.opening import count_reports, open_dispositions, open_reports
from triage.cases.person import Person
from triage.cases.quarantine import count_quarantined, list_quarantined
from triage.cases.queue import count_open, read_queue
from triage.cases.reading import NoSuchCase, find_case, read_case
from triage.console.walls import NoWall, refuse_to_bypass

WALLED = (Case.id, Report.id, ReportKey.report_id, DispositionRecord.id, AuditEntry.id)


@pytest.fixture
def people(settings: Settings, owner: Engine, triage_engine: Engine) -> list[Person]:
    """Somebody at home and somebody at another agency; each agency has read and ended one case, and has one open."""
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
    hired = [hire(owner, settings, "Ana Silva"), hire(owner, settings, "Giulia Bianchi", agency="example-it")]
    people = [person_of(owner, each) for each in hired]
    keys = ConsoleKeys.read(settings.keys_dir)
    for person, country in zip(people, (None, "IT"), strict=True):
        for _ in range(2):
            a_filed_report(settings, triage_engine, a_submission(country=country))
        read_case(owner, keys, person, cases_of(owner, person.agency_code)[0].id)
        end_one(owner, person)
    return people


@pytest.fixture
def no_wall(owner: Engine) -> Engine:
    """A role that row-level security does not bind."""
    return owner


def end_one(owner: Engine, person: Person) -> None:
    with transaction(owner, person.agency) as session:
        case = cases_of(owner, person.agency_code)[0]
        record_disposition(session, person, case.id, Disposition.ACTED_ON, "They are safe.")


def rows(engine: Engine, agency: UUID | None) -> list[int]:
    """How many rows of each walled table a query without any filter shows."""
    with transaction(engine, agency) as session:
        return [len(session.execute(select(column)).all()) for column in WALLED]


def agencies_of(engine: Engine, agency: UUID) -> set[UUID]:
    with transaction(engine, agency) as session:
        columns = (Case.agency_id, ReportKey.agency_id, DispositionRecord.agency_id, AuditEntry.agency_id)
        return {found for column in columns for found in session.scalars(select(column))}


def test_row_level_security_alone_shows_an_agency_its_own_rows_only(
    people: Sequence[Person], console_engine: Engine, owner: Engine
) -> None:
    everything = rows(owner, None)
    for person in people:
        seen = rows(console_engine, person.agency)
        assert all(0 < ours < all_there_are for ours, all_there_are in zip(seen, everything, strict=True))
        assert agencies_of(console_engine, person.agency) == {person.agency}


def test_row_level_security_alone_shows_nothing_when_no_agency_is_named(
    people: Sequence[Person], console_engine: Engine
) -> None:
    assert rows(console_engine, None) == [0, 0, 0, 0, 0]
    assert rows(console_engine, people[0].agency)[0] == 2
    assert rows(console_engine, None) == [0, 0, 0, 0, 0]  # the setting ends with its transaction


def test_row_level_security_alone_keeps_an_agency_from_writing_for_another(
    people: Sequence[Person], console_engine: Engine, owner: Engine
) -> None:
    ours, theirs = people
    before = rows(owner, None)
    for statement in (
        "UPDATE cases SET state = 'closed', disposition = 'acted_on', closed_at = now() WHERE agency_id = :theirs",
        "INSERT INTO audit_entries (id, agency_id, act) VALUES (gen_random_uuid(), :theirs, 'case_read')",
        "UPDATE cases SET agency_id = :theirs",
        "DELETE FROM audit_entries",
        "UPDATE audit_entries SET act = 'logged_in'",
        "DELETE FROM dispositions",
    ):
        with suppress(DatabaseTrouble), transaction(console_engine, ours.agency) as session:
            session.execute(text(statement), {"theirs": theirs.agency} if ":theirs" in statement else {})
    assert rows(owner, None) == before
    assert [case.state for case in cases_of(owner, theirs.agency_code)].count(CaseState.OPEN) == 1
    assert {case.agency_id for case in cases_of(owner, ours.agency_code)} == {ours.agency}
    assert audit_of(owner, theirs)


def test_the_filter_in_the_code_alone_keeps_agencies_apart(people: Sequence[Person], no_wall: Engine) -> None:
    ours, theirs = people
    foreign = cases_of(no_wall, theirs.agency_code)
    with transaction(no_wall) as session:
        assert {case.agency_id for case in read_queue(session, ours.agency).cases} == {ours.agency}
        assert count_open(session, ours.agency) == 1
        for case in foreign:
            with pytest.raises(NoSuchCase):
                find_case(session, ours.agency, case.id)
            with pytest.raises(NoSuchCase):
                record_disposition(session, ours, case.id, Disposition.DUPLICATE, "Not ours.")
            assert count_reports(session, ours.agency, case.id) == 0
    assert [case.state for case in cases_of(no_wall, theirs.agency_code)].count(CaseState.OPEN) == 1


def test_the_filter_in_the_code_alone_opens_nothing_of_another_agency(
    people: Sequence[Person], no_wall: Engine, settings: Settings
) -> None:
    ours, theirs = people
    keys = ConsoleKeys.read(settings.keys_dir)
    ring = keys.ring(theirs.agency_code)  # even with the right keys at hand
    with transaction(no_wall) as session:
        for case in cases_of(no_wall, theirs.agency_code):
            assert list(open_reports(session, ring, ours.agency, case.id, 1)) == []
            assert list(open_dispositions(session, ring, ours.agency, case.id)) == []
            with pytest.raises(NoSuchCase):
                read_case(no_wall, keys, ours, case.id)
    assert all(entry.agency_id == ours.agency for entry in audit_of(no_wall, ours))


def test_the_quarantine_is_the_home_agencys_for_both_walls(
    people: Sequence[Person], console_engine: Engine, no_wall: Engine
) -> None:
    home, other = people
    with no_wall.begin() as connection:
        connection.execute(text("UPDATE reports SET state = 'quarantined', case_id = NULL, wrapped_key = ''"))
        connection.execute(text("DELETE FROM report_keys"))
    for engine in (no_wall, console_engine):
        with transaction(engine, other.agency) as session:
            assert (count_quarantined(session, other), list(list_quarantined(session, other))) == (0, [])
    with transaction(console_engine, other.agency) as session:
        assert list(list_quarantined(session, replace(other, at_home=True))) == []
    with transaction(console_engine, home.agency) as session:
        assert count_quarantined(session, home) == 4


def audit_of(owner: Engine, person: Person) -> list[AuditEntry]:
    with transaction(owner) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.staff_id == person.id)))


def test_the_console_will_not_work_as_a_role_that_nothing_binds(settings: Settings, owner: Engine) -> None:
    with owner.connect() as connection, pytest.raises(NoWall):
        refuse_to_bypass(connection.connection.driver_connection, None)  # type: ignore[arg-type] # psycopg's


def test_the_console_will_not_work_while_a_wall_is_open(console_engine: Engine, owner: Engine) -> None:
    with console_engine.connect() as connection:
        raw = connection.connection.driver_connection
        refuse_to_bypass(raw, None)  # type: ignore[arg-type] # psycopg's
        with owner.begin() as other:
            other.execute(text("ALTER TABLE cases NO FORCE ROW LEVEL SECURITY"))
        try:
            with pytest.raises(NoWall):
                refuse_to_bypass(raw, None)  # type: ignore[arg-type] # psycopg's
        finally:
            with owner.begin() as other:
                other.execute(text("ALTER TABLE cases FORCE ROW LEVEL SECURITY"))


def test_a_pool_of_one_never_mixes_agencies(
    people: Sequence[Person], settings: Settings, console_engine: Engine
) -> None:
    assert settings.console_database_url
    engine = connect(settings.console_database_url, pool=1)
    for turn in range(200):
        person = people[turn % 2]
        try:
            with transaction(engine, person.agency) as session:
                assert set(session.scalars(select(Case.agency_id))) == {person.agency}
                if turn % 3 == 0:
                    session.execute(text("SELECT 1 / 0"))
        except DatabaseTrouble:
            assert turn % 3 == 0
    engine.dispose()
