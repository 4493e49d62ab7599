"""Recording how a case ended."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from core.db import transaction
from core.errors import CannotOpen, HotlineError
from core.keys import ConsoleKeys
from core.models import DispositionRecord
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Act, CaseState, Disposition
from tests.factories import a_filed_report, a_token, an_agency
from tests.triage.analyst import a_case_of, acts, cases_of, hire, person_of, tell_more
from triage.cases.disposition import AlreadyClosed, MoreReports, record_disposition
from triage.cases.person import Person
from triage.cases.reading import NoSuchCase, read_case

REASON = "The family was told, and the school knows.\nNothing else to do."


@pytest.fixture
def ana(settings: Settings, owner: Engine) -> Person:
    return person_of(owner, hire(owner, settings))


@pytest.fixture
def case(settings: Settings, owner: Engine, triage_engine: Engine, ana: Person) -> UUID:
    a_filed_report(settings, triage_engine)
    return cases_of(owner)[0].id


def end(engine: Engine, person: Person, case: UUID, reason: str = REASON, seen: int | None = None) -> None:
    with transaction(engine, person.agency) as session:
        record_disposition(session, person, case, Disposition.ACTED_ON, reason, seen)


def test_a_disposition_closes_the_case_and_says_who_and_why(
    console_engine: Engine, owner: Engine, settings: Settings, ana: Person, case: UUID
) -> None:
    end(console_engine, ana, case, seen=1)
    opened = read_case(console_engine, ConsoleKeys.read(settings.keys_dir), ana, case)
    assert (opened.case.state, opened.case.disposition) == (CaseState.CLOSED, Disposition.ACTED_ON)
    assert opened.case.closed_at is not None
    [decision] = opened.dispositions
    assert (decision.staff_id, decision.name, decision.disposition) == (ana.id, ana.name, Disposition.ACTED_ON)
    assert decision.reason == REASON
    assert [(entry.staff_id, entry.subject) for entry in acts(owner, Act.DISPOSITION_RECORDED)] == [(ana.id, case)]


def test_the_reason_is_stored_sealed_for_this_agency_and_this_row(
    console_engine: Engine, owner: Engine, settings: Settings, ana: Person, case: UUID
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings)
    end(console_engine, ana, case)
    with transaction(owner) as session:
        record = session.scalars(select(DispositionRecord)).one()
    keys = ConsoleKeys.read(settings.keys_dir)
    assert b"school" not in record.reason
    with keys.ring("hotline").unwrap(Row("dispositions", record.id), record.wrapped_key) as key:
        assert key.open(Row("dispositions", record.id), "reason", record.reason) == REASON
    with pytest.raises(CannotOpen):
        keys.ring("example-it").unwrap(Row("dispositions", record.id), record.wrapped_key)
    with pytest.raises(CannotOpen):
        keys.ring("hotline").unwrap(Row("dispositions", uuid4()), record.wrapped_key)


def test_a_closed_case_is_not_closed_again(console_engine: Engine, owner: Engine, ana: Person, case: UUID) -> None:
    end(console_engine, ana, case)
    with pytest.raises(AlreadyClosed):
        end(console_engine, ana, case, "Another reason.")
    assert len(acts(owner, Act.DISPOSITION_RECORDED)) == 1


def test_of_many_who_close_a_case_at_once_one_does(
    console_engine: Engine, owner: Engine, ana: Person, case: UUID
) -> None:
    def close(number: int) -> type[HotlineError] | None:
        try:
            end(console_engine, ana, case, f"Reason {number}.")
        except HotlineError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(8) as at_once:
        outcomes = list(at_once.map(close, range(8)))
    assert outcomes.count(None) == 1
    assert outcomes.count(AlreadyClosed) == 7
    with transaction(owner) as session:
        assert len(session.scalars(select(DispositionRecord)).all()) == 1


def test_a_case_is_not_closed_on_a_report_that_was_not_shown(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person
) -> None:
    token = a_token()
    tell_more(settings, triage_engine, token, ["An adult asked me to keep a secret."])
    [case] = cases_of(owner)
    tell_more(settings, triage_engine, token, ["Now he wants to meet me."])
    with pytest.raises(MoreReports):
        end(console_engine, ana, case.id, seen=1)
    assert cases_of(owner)[0].state is CaseState.OPEN
    end(console_engine, ana, case.id, seen=2)


def test_a_case_that_a_new_report_opened_again_keeps_its_earlier_decision(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person
) -> None:
    token = a_token()
    tell_more(settings, triage_engine, token, ["An adult asked me to keep a secret."])
    [case] = cases_of(owner)
    end(console_engine, ana, case.id, "First.")
    tell_more(settings, triage_engine, token, ["He wrote to me again."])
    end(console_engine, ana, case.id, "Second.", seen=2)
    opened = read_case(console_engine, ConsoleKeys.read(settings.keys_dir), ana, case.id)
    assert [decision.reason for decision in opened.dispositions] == ["First.", "Second."]


def test_what_fails_half_way_records_nothing(console_engine: Engine, owner: Engine, ana: Person, case: UUID) -> None:
    with suppress(ZeroDivisionError), transaction(console_engine, ana.agency) as session:
        record_disposition(session, ana, case, Disposition.ACTED_ON, REASON)
        session.flush()  # all of it is in the database, and none is committed
        raise ZeroDivisionError
    assert cases_of(owner)[0].state is CaseState.OPEN
    assert acts(owner, Act.DISPOSITION_RECORDED) == []


def test_a_case_of_nobody_is_not_closed(console_engine: Engine, ana: Person) -> None:
    with pytest.raises(NoSuchCase):
        end(console_engine, ana, uuid4())


def test_five_reports_of_one_receipt_are_one_case(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: Person
) -> None:
    case = a_case_of(settings, owner, triage_engine, ["One.", "Two.", "Three.", "Four.", "Five."])
    end(console_engine, ana, case, seen=5)
    assert cases_of(owner)[0].state is CaseState.CLOSED
