"""Referrals by e-mail, to a real server: they say nothing on the outside, and none is lost or doubled unseen."""

import ssl
import time
from email.message import EmailMessage

import msgspec
import pyrage
import pytest
from sqlalchemy import Engine

from core.settings import Settings
from core.vocabulary import DeliveryState, Trouble
from ops.staff import NewStaff
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.post_office import an_office
from tests.triage.outbound.sending import (
    LINK,
    WORDS,
    Desk,
    a_case_referred,
    an_agency_that_receives,
    delivery,
    let_time_pass,
)
from triage.referrals.email import Post
from triage.referrals.outcome import Delivered, Failed

ADDRESS = "desk@agency.example"


@pytest.fixture
def desk(settings: Settings, owner: Engine) -> Desk:
    return an_agency_that_receives(settings, owner, "email", to=ADDRESS)


def attached(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def test_the_message_says_nothing_and_what_is_attached_opens_with_the_agencys_key_alone(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    desk: Desk,
    a_courier: MakeCourier,
) -> None:
    id = a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency)
    with an_office() as office:
        a_courier(office.settings(settings))()
    [envelope], [message] = office.room.came, office.room.messages
    assert envelope.rcpt_tos == [ADDRESS]
    [raw] = office.room.raw
    for word in (WORDS, "secret", LINK, "chat", "pat@mail", "Please look soon", "It is theirs", "danger"):
        assert word.encode() not in raw
    files = attached(message)
    assert {name.rpartition("referral-")[2][11:] for name in files} == {".txt.age", ".json.age"}
    [letter] = [desk.open(content) for name, content in files.items() if ".json" in name]
    assert (letter.reports[0].what, letter.reports[0].link, letter.note) == (WORDS, LINK, "Please look soon.")
    assert letter.reports[0].contact == "", "the reporter is passed on only when somebody says so"
    [plain] = [pyrage.decrypt(content, [desk.identity]).decode() for name, content in files.items() if ".txt" in name]
    assert WORDS in plain and "hxxps[:]//chat[.]example" in plain and "It is theirs" not in plain
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(next(iter(files.values())), [pyrage.x25519.Identity.generate()])
    stored = delivery(owner, id)
    assert (stored.state, stored.receipt, stored.letter) == (DeliveryState.DELIVERED, "queued as 1", None)
    assert str(id) in str(message["Message-ID"])


def test_when_the_answer_after_data_is_lost_the_second_copy_has_the_same_number(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    desk: Desk,
    a_courier: MakeCourier,
) -> None:
    id = a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency)
    with an_office("dropping") as office:
        courier = a_courier(office.settings(settings))
        courier()
        assert (delivery(owner, id).state, delivery(owner, id).trouble) == (DeliveryState.FAILED, Trouble.NO_ANSWER)
        office.room.mood = "kind"
        let_time_pass(owner)
        courier()
    assert delivery(owner, id).state is DeliveryState.DELIVERED
    first, second = office.room.messages
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("mood", "state", "trouble"),
    [
        ("refusing", DeliveryState.GIVEN_UP, Trouble.REFUSED),
        ("unknown", DeliveryState.GIVEN_UP, Trouble.REFUSED),
        ("busy", DeliveryState.FAILED, Trouble.REFUSED),
    ],
)
def test_what_is_refused_for_good_is_for_a_person_and_what_is_not_is_tried_again(
    mood: str,
    state: DeliveryState,
    trouble: Trouble,
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    desk: Desk,
    a_courier: MakeCourier,
) -> None:
    id = a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency)
    with an_office(mood) as office:
        a_courier(office.settings(settings))()
    stored = delivery(owner, id)
    assert (stored.state, stored.trouble, stored.attempts) == (state, trouble, 1)
    assert stored.letter, "what was not delivered can be sent again"


def test_a_server_that_says_nothing_is_hung_up_in_time() -> None:
    with an_office("slow") as office:
        begun = time.monotonic()
        post = office.post(seconds=0.5)
        assert post.send(ADDRESS, EmailMessage()) == Failed(Trouble.NO_ANSWER)
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize("security", ["starttls", "implicit"])
def test_it_goes_over_tls_and_to_nobody_whose_certificate_is_not_known(
    security: str, server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    message = EmailMessage()
    message.set_content("nothing")
    with an_office(tls=server_tls, starttls=security == "starttls") as office:
        assert office.post(security=security).send(ADDRESS, message) == Failed(Trouble.NO_ANSWER)
        assert isinstance(office.post(security=security, tls=trusting).send(ADDRESS, message), Delivered)
    assert office.room.secured == [True]


def test_where_no_tls_is_to_be_had_nothing_is_said(trusting: ssl.SSLContext) -> None:
    with an_office() as office:
        assert office.post(security="starttls", tls=trusting).send(ADDRESS, EmailMessage()) == Failed(Trouble.NOT_SET)
    assert office.room.came == []


def test_plain_smtp_is_for_this_machine_alone(settings: Settings) -> None:
    far = msgspec.structs.replace(settings, smtp_host="mail.example", smtp_tls="none", smtp_from="desk@hotline.example")
    assert not Post.of(far).is_set
    assert Post.of(far).send(ADDRESS, EmailMessage()) == Failed(Trouble.NOT_SET)
