"""Whom a rule notifies: told once of a case, within seconds, by an alarm that stands with the case or not at all."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.settings import Settings
from core.vocabulary import AlarmKind, AlarmState, Danger, RefusalReason
from intake.submission import Submission
from tests.factories import a_drain, a_filed_report, a_sealed_report, a_submission, an_agency, post
from tests.processes import running
from tests.triage.analyst import Browser, cases_of, hire, person_of
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.post_office import Mailroom, an_office
from tests.triage.outbound.test_alarms import alarms, called, make_due, on_call, watch
from tests.triage.outbound.test_worker import FIVE_SECONDS, wait
from tests.triage.routing.invented import END
from tests.triage.test_cases_refusing import refuse
from triage.alarms.watch import Watch
from triage.bundling.shelf import Shelf
from triage.routing.documents import publish

__all__ = ["watch"]

WORDS = "An adult asked my brother to keep a secret."
LINK = "https://forum.example/t/4711"
RULES = """
rule Young
  when age is under_13
  send to the hotline
  notify children, on-call
rule Pages
  when country is FR
  send to the hotline
  notify pages
rule Italy
  when country is IT
  send to it-first
  notify children
"""


@pytest.fixture(autouse=True)
def house(settings: Settings, owner: Engine) -> None:
    """Two teams at home beside those on call, one agency in Italy, and rules that name the teams."""
    on_call(settings, owner, "Ana", "ana@staff.example")
    on_call(settings, owner, "Cleo", "cleo@staff.example", team="children")
    on_call(settings, owner, "Pia", "pia@staff.example", team="pages")
    with transaction(owner) as session:
        an_agency(session, settings, "it-first", "IT")
        publish(session, RULES + END, "Ada", ["Nobody said where"])


def told(country: str | None = "FR", link: str = "") -> Submission:
    return a_submission(WORDS, country=country, link=link)


def test_a_team_is_told_once_and_nothing_of_what_was_reported(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, a_courier: MakeCourier
) -> None:
    a_filed_report(settings, triage_engine, told())
    [alarm] = alarms(owner)
    assert (alarm.kind, alarm.team, alarm.state) == (AlarmKind.RULE, "pages", AlarmState.RINGING)
    for _ in range(3):
        watch.alarms()
        make_due(owner)
    assert called(owner) == ["Pia"]
    assert [alarm.state for alarm in alarms(owner)] == [AlarmState.OVER]
    with an_office() as office:
        a_courier(office.settings(settings))()
    [message] = office.room.messages
    assert str(message["Subject"]).endswith(f"{cases_of(owner)[0].reference} came in")
    assert "a rule says that you are told" in message.get_content()
    for word in ("secret", "brother", "pages", "france"):
        assert word not in office.room.raw[0].decode().lower()


@pytest.mark.timeout(120)
def test_it_is_out_within_five_seconds(settings: Settings, owner: Engine) -> None:
    with an_office() as office, running(office.settings(settings), "worker-1") as children:
        wait(lambda: children["worker-1"].is_running, 20)
        post(settings, [a_sealed_report(settings)])
        wait(lambda: cases_of(owner), 20)
        post(settings, [a_sealed_report(settings, told())])
        assert wait(lambda: ["pia@staff.example"] in came(office.room), FIVE_SECONDS + 1) < FIVE_SECONDS
        children["worker-1"].kill()


def came(room: Mailroom) -> list[list[str]]:
    return [envelope.rcpt_tos for envelope in room.came]


def test_more_reports_of_the_same_thing_tell_nobody_again_but_whom_only_their_own_rule_names(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch
) -> None:
    for country in ("FR", "FR", None, "FR"):
        a_filed_report(settings, triage_engine, told(country, LINK))
        watch.alarms()
    assert called(owner) == ["Pia"]
    young = told(None, LINK)
    a_filed_report(settings, triage_engine, replace(young, details=young.details.from_text('{"age": "under_13"}')))
    watch.alarms()
    assert sorted(called(owner)) == ["Ana", "Cleo", "Pia"]
    [case] = cases_of(owner)
    assert case.report_count == 5


def test_a_worker_that_dies_on_the_way_tells_nobody_and_the_next_try_tells_once(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Shelf, "write", die)
        with pytest.raises(KeyboardInterrupt):
            a_filed_report(settings, triage_engine, told())
    watch.alarms()
    assert (alarms(owner), called(owner)) == ([], [])
    with owner.begin() as connection:
        connection.execute(text("UPDATE reports SET next_try_at = now()"))
    a_drain(settings, triage_engine)()
    watch.alarms()
    assert (len(cases_of(owner)), called(owner)) == (1, ["Pia"])


def test_opening_the_case_first_does_not_hush_the_team_and_danger_rings_as_ever(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, at_work: Browser
) -> None:
    a_filed_report(settings, triage_engine, replace(told(), danger=Danger.YES))
    watch.alarms()
    assert sorted(called(owner)) == ["Ana", "Pia"]
    make_due(owner)
    watch.alarms()
    assert sorted(called(owner)) == ["Ana", "Ana", "Pia"]
    a_filed_report(settings, triage_engine, told())
    at_work.get(f"/cases/{cases_of(owner)[1].id}")
    watch.alarms()
    assert sorted(called(owner)) == ["Ana", "Ana", "Pia", "Pia"]


def test_whoever_is_in_two_teams_reads_of_a_case_once(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, a_courier: MakeCourier
) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM on_call WHERE name <> 'Ana'"))
    a_filed_report(settings, triage_engine, replace(told(), danger=Danger.YES))
    watch.alarms()
    assert called(owner) == ["Ana"], "of a team that has nobody those on call are told"
    with an_office() as office:
        a_courier(office.settings(settings))()
    body = office.room.messages[0].get_content()
    assert body.count("at once") == body.count("/cases/") == 1 and "nobody has opened it yet" in body


def test_an_agencys_own_team_is_told_before_the_hotlines(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch
) -> None:
    a_filed_report(settings, triage_engine, told("IT"))
    watch.alarms()
    on_call(settings, owner, "Bruna", "bruna@staff.example", agency="it-first", team="children")
    a_filed_report(settings, triage_engine, told("IT"))
    watch.alarms()
    assert called(owner) == ["Cleo", "Bruna"]


def test_a_case_that_is_refused_tells_the_next_agencys_team(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, watch: Watch
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings, "it-second", "IT")
        publish(session, RULES.replace("to it-first", "to it-first, it-second") + END, "Ada", ["Nobody said where"])
    on_call(settings, owner, "Bruna", "bruna@staff.example", agency="it-second", team="children")
    lead = person_of(owner, hire(owner, settings, "Lead", "supervisor", "it-first"))
    a_filed_report(settings, triage_engine, told("IT"))
    refuse(console_engine, settings, lead, cases_of(owner, "it-first")[0].id, RefusalReason.LANGUAGE)
    watch.alarms()
    assert called(owner) == ["Bruna"], "the first agency's was not out yet, and is not its own any more"
    assert sorted(alarm.state for alarm in alarms(owner)) == [AlarmState.OVER, AlarmState.OVER]


def test_a_flood_holds_back_those_it_called_and_nobody_else(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch
) -> None:
    for _ in range(12):
        a_filed_report(settings, triage_engine, told())
        watch.alarms()
    assert called(owner) == ["Pia"] * 10
    a_filed_report(settings, triage_engine, replace(told(None), danger=Danger.YES))
    watch.alarms()
    assert called(owner) == ["Pia"] * 10 + ["Ana"]
