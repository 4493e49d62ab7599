"""Reading a case: the audit trail first, and what does not open keeps nothing else shut."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text, update

from core.db import transaction
from core.errors import DatabaseTrouble
from core.keys import ConsoleKeys
from core.models import Report, ReportKey
from core.settings import Settings
from core.vocabulary import Act, Disposition
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.analyst import a_case_of, acts, cases_of, hire, person_of
from triage.cases import opening
from triage.cases.disposition import record_disposition
from triage.cases.person import Person
from triage.cases.reading import NoSuchCase, read_case


@pytest.fixture
def ana(settings: Settings, owner: Engine) -> Person:
    return person_of(owner, hire(owner, settings))


@pytest.fixture
def keys(settings: Settings) -> ConsoleKeys:
    return ConsoleKeys.read(settings.keys_dir)


@contextmanager
def without(owner: Engine, right: str, table: str) -> Iterator[None]:
    """Take one right from the console for a while."""
    with owner.begin() as connection:
        connection.execute(text(f"REVOKE {right} ON {table} FROM hotline_console"))
    try:
        yield
    finally:
        with owner.begin() as connection:
            connection.execute(text(f"GRANT {right} ON {table} TO hotline_console"))


def read_by(owner: Engine) -> list[tuple[UUID | None, UUID | None]]:
    return [(entry.staff_id, entry.subject) for entry in acts(owner, Act.CASE_READ)]


def test_what_the_reporter_typed_is_read_as_it_was_typed(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    typed = a_submission(
        what="  An adult asked me\n\tto keep a secret. \u200f\U0001f98a", link="otter_77", contact="pat@mail.example"
    )
    a_filed_report(settings, triage_engine, typed)
    opened = read_case(console_engine, keys, ana, cases_of(owner)[0].id)
    assert [report.words for report in opened.reports] == [
        {"what": typed.what, "link": typed.link, "contact": typed.contact}
    ]
    assert (opened.count, opened.page, opened.pages, opened.first) == (1, 1, 1, 1)


def test_each_reading_is_in_the_audit_trail_with_who_read_what(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    a_filed_report(settings, triage_engine)
    case = cases_of(owner)[0].id
    for _ in range(2):
        read_case(console_engine, keys, ana, case)
    assert read_by(owner) == [(ana.id, case)] * 2


def test_the_audit_entry_is_committed_before_anything_is_opened(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    a_filed_report(settings, triage_engine)
    case = cases_of(owner)[0].id
    with without(owner, "SELECT", "report_keys"), pytest.raises(DatabaseTrouble):
        read_case(console_engine, keys, ana, case)
    assert read_by(owner) == [(ana.id, case)]


def test_nothing_is_opened_when_the_audit_trail_cannot_be_written(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    a_filed_report(settings, triage_engine)
    with without(owner, "INSERT", "audit_entries"), pytest.raises(DatabaseTrouble):
        read_case(console_engine, keys, ana, cases_of(owner)[0].id)


def test_a_case_that_is_not_there_leaves_no_trace(
    console_engine: Engine, owner: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    with pytest.raises(NoSuchCase):
        read_case(console_engine, keys, ana, uuid4())
    assert read_by(owner) == []


def test_a_report_that_does_not_open_leaves_the_others_readable(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    case = a_case_of(settings, owner, triage_engine, ["First.", "Second.", "Third.", "Fourth."])
    with transaction(console_engine, ana.agency) as session:
        ids = [report.id for report in opening.open_reports(session, keys.ring("hotline"), ana.agency, case, 1)]
    with transaction(owner) as session:
        session.execute(update(ReportKey).where(ReportKey.report_id == ids[0]).values(wrapped_key=b""))
        session.execute(update(ReportKey).where(ReportKey.report_id == ids[1]).values(wrapped_key=bytes(1237)))
        session.execute(update(Report).where(Report.id == ids[2]).values(link=b"\x01short"))
    words = [report.words for report in read_case(console_engine, keys, ana, case).reports]
    assert words[:3] == [None, None, None]
    assert words[3] is not None
    assert words[3]["what"] in ("First.", "Second.", "Third.", "Fourth.")


def test_a_sealed_field_moved_to_another_column_or_report_does_not_open(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    case = a_case_of(settings, owner, triage_engine, ["First.", "Second."])
    with owner.begin() as connection:
        connection.execute(text("UPDATE reports SET what = contact, contact = what"))
    assert [report.words for report in read_case(console_engine, keys, ana, case).reports] == [None, None]


def test_an_agency_whose_key_is_not_here_reads_no_words_but_its_page_still_opens(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, keys: ConsoleKeys
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings, "example-no-key", "NO")
    a_filed_report(settings, triage_engine, a_submission(country="NO"))
    giulia = person_of(owner, hire(owner, settings, "Giulia Bianchi", agency="example-no-key"))
    case = cases_of(owner, "example-no-key")[0].id
    with transaction(console_engine, giulia.agency) as session:
        record_disposition(session, giulia, case, Disposition.ACTED_ON, "They are safe.")
    path = settings.keys_dir / "console/agencies/example-no-key.private"
    kept = path.read_text()
    path.unlink()
    try:
        opened = read_case(console_engine, keys, giulia, case)
    finally:
        path.write_text(kept)
    assert [report.words for report in opened.reports] == [None]
    assert [decision.reason for decision in opened.dispositions] == [None]


def test_many_reports_of_one_case_come_a_page_at_a_time(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person, keys: ConsoleKeys
) -> None:
    case = a_case_of(settings, owner, triage_engine, [f"Report {number}." for number in range(opening.PAGE + 3)])
    first, second = (read_case(console_engine, keys, ana, case, page) for page in (1, 2))
    assert (len(first.reports), len(second.reports), second.first) == (opening.PAGE, 3, opening.PAGE + 1)
    assert not {report.id for report in first.reports} & {report.id for report in second.reports}
    assert read_case(console_engine, keys, ana, case, 99_999).page == 2
    assert read_case(console_engine, keys, ana, case, 0).page == 1
