"""The alarms page: who has a case says so with one press, and nobody else is called for it. No scripts needed."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.keys import CourierKeys
from core.settings import Settings
from core.vocabulary import Act, AlarmKind, AlarmState, Danger
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.analyst import Browser, NewBrowser, acts, cases_of, hire, person_of, token_in
from tests.triage.outbound.test_alarms import alarms, called, make_due, on_call, watch
from triage.alarms.calling import NoSuchAlarm, take_alarm
from triage.alarms.watch import Watch

__all__ = ["watch"]

WORDS = "An adult threatens to come to my house."
BUTTON = re.compile(r'action="(/alarms/[0-9a-f-]{36}/take)"')


@pytest.fixture
def courier_keys(settings: Settings) -> CourierKeys:
    return CourierKeys.read(settings.keys_dir)


@pytest.fixture(autouse=True)
def called_at_home(settings: Settings, owner: Engine) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    on_call(settings, owner, "Ben", "ben@staff.example", turn=2)


def danger(settings: Settings, triage_engine: Engine, country: str | None = None) -> None:
    a_filed_report(settings, triage_engine, a_submission(WORDS, country=country, danger=Danger.YES))


def press(browser: Browser, path: str) -> int:
    return browser.post(path, {"token": browser.token("/alarms")}).status_code


def test_one_press_stops_the_calling_and_opens_nothing(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, ana: NewStaff
) -> None:
    danger(settings, triage_engine)
    watch.alarms()
    assert "1 case calls somebody: see the alarms" in at_work.get("/").text
    page = at_work.get("/alarms").text
    for shown in (cases_of(owner)[0].reference, "A child may be in danger now", "At once", "I have it"):
        assert shown in page
    assert "house" not in page
    [button] = BUTTON.findall(page)
    assert press(at_work, button) == 303
    for _ in range(3):
        make_due(owner)
        watch.alarms()
    assert called(owner) == ["Ana"]
    [alarm], [case] = alarms(owner), cases_of(owner)
    who = person_of(owner, ana)
    assert (alarm.state, alarm.taken_by, case.taken_by) == (AlarmState.TAKEN, who.id, who.id)
    assert [(entry.subject, entry.staff_id) for entry in acts(owner, Act.CASE_TAKEN)] == [(case.id, who.id)]
    assert acts(owner, Act.CASE_READ) == []
    assert "No case is calling anybody." in at_work.get("/alarms").text
    assert "see the alarms" not in at_work.get("/").text


def test_pressed_twice_or_by_two_it_is_the_first_ones(
    at_work: Browser,
    new_browser: NewBrowser,
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    watch: Watch,
    ana: NewStaff,
) -> None:
    danger(settings, triage_engine)
    watch.alarms()
    [button] = BUTTON.findall(at_work.get("/alarms").text)
    other = new_browser()
    other.log_in(hire(owner, settings, "Bo Example"))
    assert [press(browser, button) for browser in (at_work, at_work, other)] == [303] * 3
    assert cases_of(owner)[0].taken_by == person_of(owner, ana).id
    assert len(acts(owner, Act.CASE_TAKEN)) == 1
    assert "First taken by" in other.get(f"/cases/{cases_of(owner)[0].id}").text


def test_a_deadline_that_calls_for_a_case_somebody_opened_long_ago_is_stopped_and_audited(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch
) -> None:
    a_filed_report(settings, triage_engine, a_submission("Slow.", danger=Danger.UNSURE))
    at_work.get(f"/cases/{cases_of(owner)[0].id}")
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET received_at = now() - interval '7 hours'"))
    watch.alarms()
    page = at_work.get("/alarms").text
    assert "Its deadline has passed" in page
    assert press(at_work, *BUTTON.findall(page)) == 303
    make_due(owner)
    watch.alarms()
    assert (called(owner), len(acts(owner, Act.CASE_TAKEN))) == (["Ana"], 2)


def test_the_hotline_is_called_for_an_agency_without_anybody_and_may_have_it_without_seeing_it(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, new_browser: NewBrowser
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings)
    danger(settings, triage_engine, "IT")
    watch.alarms()
    [case] = cases_of(owner, "example-it")
    page = at_work.get("/alarms").text
    assert "A case of Example agency example-it, which has nobody on call" in page
    assert case.reference not in page and str(case.id) not in page
    assert press(at_work, *BUTTON.findall(page)) == 303
    make_due(owner)
    watch.alarms()
    assert called(owner) == ["Ana"]
    assert [entry.subject for entry in acts(owner, Act.CASE_TAKEN)] == [case.id]
    assert at_work.get(f"/cases/{case.id}").status_code == 404
    bruna = new_browser()
    bruna.log_in(hire(owner, settings, "Bruna", agency="example-it"))
    assert "First taken by</dt><dd><bdi>Ana Silva</bdi>" in bruna.get(f"/cases/{case.id}").text


def test_an_agency_that_has_somebody_on_call_is_nobody_elses_by_either_wall(
    at_work: Browser,
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    watch: Watch,
    ana: NewStaff,
) -> None:
    with transaction(owner) as session:
        for code, country in (("example-it", "IT"), ("example-de", "DE")):
            an_agency(session, settings, code, country)
    on_call(settings, owner, "Bruna", "bruna@staff.example", agency="example-it")
    for country in ("IT", "DE"):
        danger(settings, triage_engine, country)
    watch.alarms()
    by_agency = {alarm.agency_id: alarm.id for alarm in alarms(owner)}
    italian, german = (by_agency[cases_of(owner, code)[0].agency_id] for code in ("example-it", "example-de"))
    assert BUTTON.findall(at_work.get("/alarms").text) == [f"/alarms/{german}/take"]
    assert press(at_work, f"/alarms/{italian}/take") == press(at_work, f"/alarms/{uuid4()}/take") == 404
    at_home, of_italy = person_of(owner, ana), person_of(owner, hire(owner, settings, "Bea", agency="example-it"))
    for engine in (console_engine, owner):
        for person, alarm in ((at_home, italian), (of_italy, german)):
            with pytest.raises(NoSuchAlarm), transaction(engine, person.agency) as session:
                take_alarm(session, person, alarm)
    assert called_directly(console_engine, of_italy.agency, german, of_italy.id) is False
    assert called_directly(console_engine, at_home.agency, german, of_italy.id) is False
    assert called_directly(console_engine, at_home.agency, italian, at_home.id) is False
    assert {alarm.state for alarm in alarms(owner)} == {AlarmState.RINGING}


def called_directly(engine: Engine, agency: UUID, alarm: UUID, person: UUID) -> object:
    """The function itself, as whoever has the console's connection could call it."""
    with transaction(engine, agency) as session:
        return session.scalar(text("SELECT take_looked_after(:alarm, :person)"), {"alarm": alarm, "person": person})


def test_what_a_team_is_told_is_no_alarm_to_take(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    danger(settings, triage_engine)
    with owner.begin() as connection:
        told = (
            "INSERT INTO alarms (id, case_id, agency_id, kind, team) SELECT id, id, agency_id, 'rule', 'x' FROM cases"
        )
        connection.execute(text(told))
    [alarm] = alarms(owner)
    assert alarm.kind is AlarmKind.RULE
    page = at_work.get("/alarms").text
    assert "No case is calling anybody." in page
    assert at_work.post(f"/alarms/{alarm.id}/take", {"token": token_in(page)}).status_code == 404
