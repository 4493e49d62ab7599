"""Alarms: somebody is called within seconds, again when nobody comes, and never with a word of what was reported."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import Engine, select, text

from core.db import transaction
from core.keys import ConsoleKeys, CourierKeys, IntakeKeys
from core.models import Alarm
from core.models.alarm import ON_CALL
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import AlarmKind, AlarmState, By, Danger
from intake.submission import seal
from ops.on_call import add
from ops.staff import NewStaff
from tests.factories import a_drain, a_filed_report, a_submission, a_token, an_agency, post
from tests.triage.analyst import Browser, NewBrowser, cases_of, hire, tell_more
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.post_office import an_office
from tests.triage.outbound.receivers import Receiver, receiving
from triage.alarms.roster import CALLS
from triage.alarms.watch import Watch

WORDS = "An adult threatens to come to my house."


@pytest.fixture
def watch(settings: Settings, triage_engine: Engine, courier_keys: CourierKeys) -> Watch:
    return Watch(triage_engine, courier_keys.own, msgspec.structs.replace(settings, console_url="https://c.example"))


@pytest.fixture
def danger(settings: Settings, triage_engine: Engine) -> None:
    a_filed_report(settings, triage_engine, a_submission(WORDS, danger=Danger.YES))


def on_call(
    settings: Settings,
    owner: Engine,
    name: str,
    contact: str,
    turn: int = 1,
    agency: str | None = None,
    team: str = ON_CALL,
) -> None:
    by = By.EMAIL if "@" in contact else By.WEBHOOK
    with transaction(owner) as session:
        add(session, ConsoleKeys.read(settings.keys_dir).courier, name, by, contact, turn, agency, team)


def alarms(owner: Engine) -> list[Alarm]:
    with transaction(owner) as session:
        return list(session.scalars(select(Alarm).order_by(Alarm.raised_at, Alarm.id)))


def called(owner: Engine) -> list[str]:
    """Who has been called so far, in order."""
    query = "SELECT name FROM deliveries JOIN on_call ON on_call.id = on_call_id ORDER BY made_at, turn"
    with owner.connect() as connection:
        return list(connection.scalars(text(query)))


def make_due(owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE alarms SET ring_at = now()"))


def test_danger_now_calls_the_first_on_call_and_says_nothing_of_it(
    settings: Settings, owner: Engine, watch: Watch, danger: None, a_courier: MakeCourier
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    on_call(settings, owner, "Ben", "ben@staff.example", turn=2)
    watch.alarms()
    watch.alarms()
    with an_office() as office:
        a_courier(office.settings(settings))()
    [envelope], [message] = office.room.came, office.room.messages
    assert envelope.rcpt_tos == ["ana@staff.example"]
    case = cases_of(owner)[0]
    body = message.get_content()
    assert case.reference in str(message["Subject"]) and "needs somebody now" in str(message["Subject"])
    assert f"https://c.example/cases/{case.id}" in body and "at once" in body
    for word in ("threat", "house", "adult", "child"):
        assert word not in office.room.raw[0].decode().lower()


def test_nobody_s_address_is_stored_in_the_clear(settings: Settings, owner: Engine) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    with owner.connect() as connection:
        assert b"staff.example" not in connection.scalars(text("SELECT contact FROM on_call")).one()


def test_it_rings_again_and_then_the_second_person_too_until_somebody_comes(
    settings: Settings, owner: Engine, watch: Watch, danger: None
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    on_call(settings, owner, "Ben", "ben@staff.example", turn=2)
    for _ in range(4):
        watch.alarms()
        watch.alarms()
        make_due(owner)
    assert called(owner) == ["Ana", "Ana", "Ana", "Ben", "Ana", "Ben"]


def test_opening_the_case_ends_its_alarm(
    settings: Settings, owner: Engine, watch: Watch, danger: None, at_work: Browser, ana: NewStaff
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    watch.alarms()
    at_work.get(f"/cases/{cases_of(owner)[0].id}")
    [alarm] = alarms(owner)
    assert (alarm.state, cases_of(owner)[0].taken_by) == (AlarmState.TAKEN, alarm.taken_by)
    assert alarm.taken_by
    make_due(owner)
    watch.alarms()
    assert called(owner) == ["Ana"]
    assert len(alarms(owner)) == 1


def test_a_case_that_was_read_before_anybody_was_called_calls_nobody(
    settings: Settings, owner: Engine, watch: Watch, danger: None, at_work: Browser
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    at_work.get(f"/cases/{cases_of(owner)[0].id}")
    watch.alarms()
    assert alarms(owner) == []


def test_a_closed_case_that_comes_back_with_danger_calls_again(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, at_work: Browser
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    token = a_token()
    tell_more(settings, triage_engine, token, ["first"])
    case = cases_of(owner)[0].id
    at_work.close_case(case, "not_illegal", "Nothing in it.")
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        post(settings, [replace(seal(keys, wrapping, token, a_submission("second"))[0], danger=Danger.YES)])
    a_drain(settings, triage_engine)()
    assert cases_of(owner)[0].taken_at is None
    watch.alarms()
    assert [alarm.kind for alarm in alarms(owner)] == [AlarmKind.DANGER]
    assert called(owner) == ["Ana"]


def test_a_deadline_that_has_passed_calls_once_and_is_marked_late(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, at_work: Browser
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    a_filed_report(settings, triage_engine, a_submission("Slow.", danger=Danger.UNSURE))
    watch.alarms()
    assert alarms(owner) == []
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET received_at = now() - interval '7 hours'"))
    watch.alarms()
    watch.alarms()
    assert [alarm.kind for alarm in alarms(owner)] == [AlarmKind.DEADLINE]
    assert called(owner) == ["Ana"]
    assert "Late by 3 hours" in at_work.get("/").text


def test_a_deadline_calls_three_times_and_then_leaves_it_to_the_queue(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    on_call(settings, owner, "Ben", "ben@staff.example", turn=2)
    a_filed_report(settings, triage_engine, a_submission("Slow.", danger=Danger.UNSURE))
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET received_at = now() - interval '7 hours'"))
    for _ in range(5):
        watch.alarms()
        make_due(owner)
    assert called(owner) == ["Ana", "Ana", "Ana", "Ben"]
    assert [alarm.state for alarm in alarms(owner)] == [AlarmState.OVER]


def test_a_paused_deadline_calls_nobody(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, at_work: Browser
) -> None:
    a_filed_report(settings, triage_engine, a_submission("Slow.", danger=Danger.UNSURE))
    case = cases_of(owner)[0].id
    assert at_work.post(f"/cases/{case}/pause", {"token": at_work.token(f"/cases/{case}")}).status_code == 303
    with owner.begin() as connection:
        moved = "received_at = now() - interval '4 hours 10 minutes', stopped_at = now() - interval '1 hour'"
        connection.execute(text(f"UPDATE cases SET {moved}"))  # noqa: S608
    watch.alarms()
    assert alarms(owner) == []
    assert "Paused" in at_work.get("/").text
    assert at_work.post(f"/cases/{case}/resume", {"token": at_work.token(f"/cases/{case}")}).status_code == 303
    watch.alarms()
    assert alarms(owner) == []
    assert "50 minutes left" in at_work.get("/").text or "49 minutes left" in at_work.get("/").text


def test_an_agency_without_anybody_on_call_is_looked_after_by_the_home_agency(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings)
    on_call(settings, owner, "Ana", "ana@staff.example")
    a_filed_report(settings, triage_engine, a_submission("Aiuto.", country="IT", danger=Danger.YES))
    watch.alarms()
    assert called(owner) == ["Ana"]
    on_call(settings, owner, "Bruna", "bruna@staff.example", agency="example-it")
    make_due(owner)
    watch.alarms()
    assert called(owner) == ["Ana", "Bruna"]


@pytest.mark.parametrize("was_taken", [False, True])
def test_a_case_that_goes_to_another_agency_calls_there(
    was_taken: bool, settings: Settings, owner: Engine, watch: Watch, danger: None, at_work: Browser
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    watch.alarms()
    if was_taken:
        at_work.get(f"/cases/{cases_of(owner)[0].id}")
    with transaction(owner) as session:
        italian = an_agency(session, settings).id
    on_call(settings, owner, "Bruna", "bruna@staff.example", agency="example-it")
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET agency_id = :to"), {"to": italian})
    watch.alarms()
    assert called(owner) == ["Ana", "Bruna"]
    ended = AlarmState.TAKEN if was_taken else AlarmState.OVER
    assert [alarm.state for alarm in alarms(owner)] == [ended, AlarmState.RINGING]
    [case] = cases_of(owner, "example-it")
    assert case.clock_from and case.clock_from > case.received_at


def test_a_flood_of_danger_is_told_in_few_messages_that_name_the_number(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, a_courier: MakeCourier
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    for _ in range(CALLS + 5):
        a_filed_report(settings, triage_engine, a_submission("Now.", danger=Danger.YES))
        watch.alarms()
    assert len(called(owner)) == CALLS
    with owner.begin() as connection:
        connection.execute(text("UPDATE deliveries SET made_at = made_at - interval '2 minutes'"))
    watch.alarms()
    with an_office() as office:
        a_courier(office.settings(settings))()
    assert "and 4 more" in str(office.room.messages[-1]["Subject"])


def test_a_webhook_wakes_somebody_too(
    settings: Settings, owner: Engine, watch: Watch, danger: None, a_courier: MakeCourier
) -> None:
    lenient = msgspec.structs.replace(settings, private_addresses=True)
    with receiving(Receiver()) as receiver:
        on_call(settings, owner, "Ana", receiver.address)
        watch.alarms()
        a_courier(lenient)()
    [call] = receiver.calls
    assert call.headers["content-type"] == "application/json"
    assert cases_of(owner)[0].reference in call.body.decode() and "threat" not in call.body.decode()


def test_a_digest_counts_and_comes_once_in_its_time(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, a_courier: MakeCourier
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    watch.digests()
    assert called(owner) == [], "nothing is open"
    a_filed_report(settings, triage_engine, a_submission(WORDS))
    watch.digests()
    watch.digests()
    with an_office() as office:
        a_courier(office.settings(settings))()
    [message] = office.room.messages
    assert "Open cases: 1, of which late: 0" in message.get_content()
    assert "threat" not in message.get_content()


def test_an_analyst_of_one_agency_sees_no_alarm_or_delivery_of_another(
    settings: Settings, owner: Engine, triage_engine: Engine, watch: Watch, new_browser: NewBrowser, danger: None
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings)
    on_call(settings, owner, "Ana", "ana@staff.example")
    watch.alarms()
    with owner.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'given_up'"))
    bruna, at_home = new_browser(), new_browser()
    bruna.log_in(hire(owner, settings, "Bruna", "supervisor", "example-it"))
    at_home.log_in(hire(owner, settings, "Carla", "supervisor"))
    assert "Everything was delivered." in bruna.get("/referrals").text
    assert "A call to somebody on call" in at_home.get("/referrals").text
