"""Referring a case in the console: who may, what is kept of it, the red list, and what is handed over here."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.envelopes import disclose
from core.errors import CannotOpen
from core.keys import ConsoleKeys, CourierKeys
from core.models import Delivery, Referral
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Act, By, Channel, DeliveryState
from ops.agencies import import_agencies
from ops.directory.editing import remove
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.analyst import Browser, NewBrowser, acts, cases_of, hire, person_of, token_in
from tests.triage.outbound.sending import an_agency_that_receives, delivery
from triage.referrals.letters import ReportTold, open_letter
from triage.referrals.making import ByRule, refer_by_rule

WORDS = "An adult asked me to keep a secret."
_REFERRAL = re.compile(r'name="referral_id" value="([0-9a-f-]{36})"')


@pytest.fixture
def case(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    a_filed_report(settings, triage_engine, a_submission(WORDS, country="FR", contact="pat@mail.example"))
    return cases_of(owner)[0].id


@pytest.fixture
def french(settings: Settings, owner: Engine) -> UUID:
    """An agency that receives by e-mail."""
    return an_agency_that_receives(settings, owner, "email", to="desk@agency.example").agency


def fill_in(browser: Browser, case: UUID, **fields: str) -> dict[str, str]:
    page = browser.get(f"/cases/{case}/refer").text
    form = {"token": token_in(page), "referral_id": _REFERRAL.findall(page)[0], "reason": "It is theirs."}
    return form | fields


def stored(owner: Engine) -> list[Referral]:
    with transaction(owner) as session:
        return list(session.query(Referral).order_by(Referral.made_at))


def refer(browser: Browser, case: UUID, to: UUID, **fields: str) -> int:
    return browser.post(f"/cases/{case}/refer", fill_in(browser, case, to=str(to), **fields)).status_code


def test_a_case_is_sealed_to_the_courier_and_the_reason_to_the_agency_that_sends_it(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID, french: UUID
) -> None:
    assert refer(at_work, case, french, note="Please look soon.", with_contact="yes") == 303
    [referral] = stored(owner)
    letter = delivery(owner, referral.id).letter
    assert letter and referral.reason
    opened = open_letter(CourierKeys.read(settings.keys_dir).letters, referral.id, letter)
    assert WORDS in str(opened) and "pat@mail.example" in str(opened) and "Please look soon." in str(opened)
    own = ConsoleKeys.read(settings.keys_dir).ring("hotline")
    assert disclose(own, Row("referrals", referral.id), "reason", referral.reason) == "It is theirs."
    with pytest.raises(CannotOpen):
        open_letter(own, referral.id, letter)
    assert [entry.subject for entry in acts(owner, Act.CASE_REFERRED)] == [case]
    page = at_work.get(f"/cases/{case}").text
    assert "Example Agency" in page and "On its way" in page and "by encrypted e-mail" in page


def test_pressed_twice_it_is_sent_once(owner: Engine, at_work: Browser, case: UUID, french: UUID) -> None:
    form = fill_in(at_work, case, to=str(french))
    assert [at_work.post(f"/cases/{case}/refer", form).status_code for _ in range(2)] == [303, 303]
    assert len(stored(owner)) == len(acts(owner, Act.CASE_REFERRED)) == 1


@pytest.mark.parametrize("field", ["to", "reason"])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    field: str, owner: Engine, at_work: Browser, case: UUID, french: UUID
) -> None:
    form = fill_in(at_work, case, to=str(french), note="Please look soon.") | {field: ""}
    answer = at_work.post(f"/cases/{case}/refer", form)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text and "Please look soon." in answer.text
    assert stored(owner) == []


def test_an_agency_that_receives_nothing_is_told_of_and_not_sent_to(
    owner: Engine, at_work: Browser, case: UUID
) -> None:
    row = {"code": "fr-line", "name": "Example helpline", "kind": "helpline", "country": "FR", "source": "a test"}
    with transaction(owner) as session:
        import_agencies(session, [row | {"phone": "+44 1632 960 001"}])
    page = at_work.get(f"/cases/{case}/refer").text
    assert "Example helpline" in page and "+44 1632 960 001" in page
    with owner.connect() as connection:
        to = connection.scalar(text("SELECT id FROM agencies WHERE code = 'fr-line'"))
    token = at_work.token(f"/cases/{case}")
    form = {"token": token, "referral_id": str(uuid4()), "reason": "Why not.", "to": str(to)}
    answer = at_work.post(f"/cases/{case}/refer", form)
    assert answer.status_code == 422 and "receives nothing from here" in answer.text
    assert stored(owner) == []


def test_an_agency_that_was_removed_is_neither_told_of_nor_sent_to(
    owner: Engine, at_work: Browser, case: UUID, french: UUID
) -> None:
    row = {"code": "fr-line", "name": "Example helpline", "kind": "helpline", "country": "FR", "source": "a test"}
    with transaction(owner) as session:
        import_agencies(session, [row])
    before, form = at_work.get(f"/cases/{case}/refer").text, fill_in(at_work, case, to=str(french))
    with transaction(owner) as session:
        remove(session, "fr-line")
        remove(session, "example-fr")
    page = at_work.get(f"/cases/{case}/refer").text
    for name in ("Example helpline", "Example Agency"):
        assert name in before and name not in page
    answer = at_work.post(f"/cases/{case}/refer", form)
    assert answer.status_code == 422 and "receives nothing from here" in answer.text
    assert stored(owner) == []


def test_a_case_of_another_agency_cannot_be_referred(
    settings: Settings, owner: Engine, case: UUID, french: UUID, new_browser: NewBrowser
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings)
    bruna = new_browser()
    bruna.log_in(hire(owner, settings, "Bruna", agency="example-it"))
    assert bruna.get(f"/cases/{case}/refer").status_code == 404
    form = {"token": bruna.token(), "referral_id": str(uuid4()), "reason": "Mine?", "to": str(french)}
    assert bruna.post(f"/cases/{case}/refer", form).status_code == 404
    assert stored(owner) == []


def test_an_agency_that_is_connected_reads_it_here_and_the_sender_sees_that(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID, new_browser: NewBrowser
) -> None:
    with transaction(owner) as session:
        italian = an_agency(session, settings).id
    assert refer(at_work, case, italian, note="Please look soon.") == 303
    [referral] = stored(owner)
    assert delivery(owner, referral.id).state is DeliveryState.DELIVERED
    bruna = new_browser()
    bruna.log_in(hire(owner, settings, "Bruna", agency="example-it"))
    assert "Not read yet" in bruna.get("/referrals").text
    page = bruna.get(f"/referrals/{referral.id}").text
    assert WORDS in page and "Please look soon." in page and "pat@mail" not in page and "It is theirs" not in page
    assert [entry.subject for entry in acts(owner, Act.REFERRAL_READ)] == [referral.id]
    assert "Not read yet" not in bruna.get("/referrals").text
    assert "They first opened it" in at_work.get(f"/cases/{case}").text
    assert at_work.get(f"/referrals/{referral.id}").status_code == 404, "whoever sent it has the case"


def test_the_red_list_is_shown_and_only_leads_send_again(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID, french: UUID, new_browser: NewBrowser
) -> None:
    refer(at_work, case, french)
    [referral] = stored(owner)
    with owner.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'given_up', trouble = 'refused', attempts = 12"))
        connection.execute(text("INSERT INTO circuits VALUES (:a, 9, now() + interval '1 hour')"), {"a": french})
    assert "1 referral, notice or alarm was not delivered" in at_work.get("/").text
    assert "The other side refused it" in at_work.get("/referrals").text
    path = f"/referrals/{referral.id}/resend"
    assert at_work.post(path, {"token": at_work.token()}).status_code == 403
    lead = new_browser()
    lead.log_in(hire(owner, settings, "Carla", "supervisor"))
    assert lead.post(path, {"token": lead.token()}).status_code == 303
    again = delivery(owner, referral.id)
    assert (again.state, again.attempts, again.before) == (DeliveryState.WAITING, 12, 12)
    assert [entry.subject for entry in acts(owner, Act.DELIVERY_RESENT)] == [referral.id]
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM circuits")) == 0
    assert lead.post(path, {"token": lead.token()}).status_code == 404, "what is on its way is not sent again"
    assert "Everything was delivered." in lead.get("/referrals").text


def test_the_console_cannot_read_back_what_it_sent(settings: Settings, console_engine: Engine, owner: Engine) -> None:
    with owner.connect() as connection:
        may = "SELECT has_column_privilege('hotline_console', 'deliveries', 'letter', 'SELECT')"
        assert connection.scalar(text(may)) is False
        assert connection.scalar(text("SELECT has_table_privilege('hotline_console', 'on_call', 'SELECT')")) is False
        assert connection.scalar(text("SELECT has_table_privilege('hotline_triage', 'referrals', 'SELECT')")) is False


def test_a_rule_refers_once_however_often_it_is_tried(
    settings: Settings, owner: Engine, triage_engine: Engine, case: UUID, french: UUID, ana: NewStaff
) -> None:
    keys, found = CourierKeys.read(settings.keys_dir), cases_of(owner)[0]
    told = ReportTold(uuid4(), found.received_at, Channel.SITE, "en", found.danger, what=WORDS)
    home = person_of(owner, ana).agency
    rule = ByRule(found.id, found.reference, home, french, "Hotline", found.priority, [told])
    for _ in range(2):
        with transaction(triage_engine) as session:
            refer_by_rule(session, keys.own, rule)
    [referral] = stored(owner)
    with transaction(owner) as session:
        [sent] = session.query(Delivery).all()
    assert (sent.id, sent.by, sent.state) == (referral.id, By.EMAIL, DeliveryState.WAITING)
    assert sent.letter and WORDS in str(open_letter(keys.letters, sent.id, sent.letter))
    assert [(entry.subject, entry.staff_id) for entry in acts(owner, Act.CASE_REFERRED)] == [(case, None)]
