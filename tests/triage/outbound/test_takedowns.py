"""Takedown notices: one for a provider, once, again by the clock, and no link where it could be followed."""

import logging
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import msgspec
import pyrage
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.keys import CourierKeys
from core.settings import ROOT, Settings
from core.vocabulary import Act, By, Danger, DeliveryState, TakedownMark, TakedownState, Trouble
from ops.addresses import child_environ
from ops.providers import change
from ops.staff import NewStaff
from tests.factories import an_agency
from tests.triage.analyst import acts, person_of
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.post_office import Office, an_office
from tests.triage.outbound.receivers import Receiver, receiving
from tests.triage.outbound.removing import (
    OTHER_ROOM,
    ROOM,
    WHY,
    WORDS,
    a_case_with_links,
    a_provider,
    hours_pass,
    let_arrive,
    notices,
    remove,
    takedowns,
)
from tests.triage.outbound.sending import let_time_pass
from tests.triage.outbound.test_alarms import on_call
from tests.triage.outbound.test_webhook import NOTICE, lenient
from tests.triage.reading.nameserver import a_nameserver
from triage.alarms.watch import Watch
from triage.referrals.letters import Referred, TakedownTold
from triage.referrals.outbox import forget_notices
from triage.referrals.outcome import Failed, Parcel
from triage.referrals.ways import Plain
from triage.takedowns.marking import mark_takedowns
from triage.takedowns.names import Names
from triage.takedowns.notices import Notices

NO_TIME = timedelta(0)


@pytest.fixture
def case(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    return a_case_with_links(settings, owner, triage_engine)


@pytest.fixture
def made(settings: Settings, triage_engine: Engine, courier_keys: CourierKeys) -> Notices:
    """A worker's: notices again after 72 hours, three times."""
    return Notices(triage_engine, courier_keys, msgspec.structs.replace(settings, smtp_from="desk@hotline.example"))


@pytest.fixture
def asked(settings: Settings, owner: Engine, console_engine: Engine, ana: NewStaff, case: UUID) -> list[UUID]:
    """Both links, of a provider without a key."""
    return remove(settings, owner, console_engine, ana, case, a_provider(owner).id)


def say(owner: Engine, console_engine: Engine, ana: NewStaff, ids: list[UUID], mark: TakedownMark) -> None:
    person = person_of(owner, ana)
    with transaction(console_engine, person.agency) as session:
        mark_takedowns(session, person, ids, mark, timedelta(hours=24))


def carry(a_courier: MakeCourier, settings: Settings, office: Office) -> None:
    a_courier(office.settings(settings))()


def attached(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def test_a_provider_without_a_key_reads_every_link_made_harmless_and_nothing_that_was_reported(
    settings: Settings, owner: Engine, triage_engine: Engine, made: Notices, asked: list[UUID], a_courier: MakeCourier
) -> None:
    made.first()
    with an_office() as office:
        carry(a_courier, settings, office)
    [envelope], [message], [raw] = office.room.came, office.room.messages, office.room.raw
    assert envelope.rcpt_tos == ["abuse@host.example"]
    body = message.get_content()
    assert "hxxps[:]//www[.]pages[.]example/room/17?b=2&a=1" in body, "the very address, not what it is known by"
    assert "hxxp[:]//pages[.]example/room/18" in body
    for required in (WHY, "Article 5 of Directive 2011/93/EU", "in good faith", "OpenHotline, desk@hotline.example"):
        assert required in body, required
    assert "Article 16" in str(message["Subject"])
    for word in ("pages", "room", "example"):
        assert word not in str(message["Subject"])
    for secret in (ROOM, OTHER_ROOM, "http://", "www.pages", WORDS, "secret", "pat@mail", "C-"):
        assert secret.encode() not in raw, secret
    [sent] = notices(owner)
    assert (sent.state, sent.by, sent.letter) == (DeliveryState.DELIVERED, By.PLAIN, None)
    assert str(sent.id) in str(message["Message-ID"]) and str(sent.id) in body
    forget_notices(triage_engine, NO_TIME)
    hours_pass(owner, 73)
    made.again()
    with an_office() as office:
        carry(a_courier, settings, office)
    [again] = office.room.messages
    assert again.get_content().count("this is notice 2 of it") == 2
    assert again["Message-ID"] != message["Message-ID"]


def test_a_provider_with_a_key_gets_a_message_that_says_nothing_and_opens_the_rest(
    settings: Settings, owner: Engine, console_engine: Engine, ana: NewStaff, case: UUID, made: Notices,
    a_courier: MakeCourier,
) -> None:  # fmt: skip
    host = a_provider(owner, "email")
    remove(settings, owner, console_engine, ana, case, host.id)
    made.first()
    with an_office() as office:
        carry(a_courier, settings, office)
    [message], [raw] = office.room.messages, office.room.raw
    for word in ("pages", "room", "hxxp", WHY, "picture", "secret"):
        assert word.encode() not in raw
    files = attached(message)
    [told] = [
        msgspec.json.decode(pyrage.decrypt(content, [host.identity]), type=TakedownTold)
        for name, content in files.items()
        if ".json" in name
    ]
    assert {link.url for link in told.links} == {ROOM, OTHER_ROOM}
    assert (told.good_faith, told.sender, told.contact) == (True, "OpenHotline", "desk@hotline.example")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(next(iter(files.values())), [pyrage.x25519.Identity.generate()])


def test_links_of_several_cases_at_one_provider_are_one_notice_and_another_providers_are_another(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: NewStaff, made: Notices
) -> None:
    one, other = a_provider(owner), a_provider(owner, to="abuse@other.example")
    for number, provider in enumerate((one, one, other)):
        told = f"A page {number} that asks for a secret, told by somebody who saw it."
        case = a_case_with_links(settings, owner, triage_engine, [f"https://p{number}.example/a"], what=told)
        remove(settings, owner, console_engine, ana, case, provider.id)
    made.first()
    let_arrive(owner)
    made.first()
    assert {(sent.provider_id, count) for sent, count in zip(notices(owner), links_in(owner), strict=True)} == {
        (one.id, 2),
        (other.id, 1),
    }
    assert len(acts(owner, Act.TAKEDOWN_NOTICED)) == 2


def links_in(owner: Engine) -> list[int]:
    """How many links each notice has."""
    query = "SELECT count(takedown_id) FROM deliveries JOIN takedown_notices ON delivery_id = id GROUP BY id, made_at"
    with owner.connect() as connection:
        return list(connection.scalars(text(f"{query} ORDER BY made_at, id")))


def test_it_is_sent_again_by_the_clock_as_often_as_is_set_and_not_while_one_is_on_its_way(
    owner: Engine, made: Notices, asked: list[UUID]
) -> None:
    made.first()
    hours_pass(owner, 1_000)
    made.again()
    assert len(notices(owner)) == 1, "the first one has not arrived"
    for so_far in range(1, 7):
        let_arrive(owner)
        assert len(notices(owner)) == min(so_far, 4), "the first, and three more"
        hours_pass(owner, 71)
        made.again()
        assert len(notices(owner)) == min(so_far, 4)
        hours_pass(owner, 2)
        made.again()
        made.again()
    assert links_in(owner) == [2, 2, 2, 2]
    assert [one.state for one in takedowns(owner)] == [TakedownState.OPEN] * 2, "what to do now is for a person"


def test_whatever_staff_know_of_it_ends_what_is_sent_by_itself(
    owner: Engine, console_engine: Engine, ana: NewStaff, made: Notices, asked: list[UUID]
) -> None:
    made.first()
    let_arrive(owner)
    say(owner, console_engine, ana, asked[:1], TakedownMark.REMOVED)
    say(owner, console_engine, ana, asked[1:], TakedownMark.ANSWERED)
    hours_pass(owner, 100)
    made.again()
    assert links_in(owner) == [2]
    known = {one.id: one.letter is not None for one in takedowns(owner)}
    assert known == {asked[0]: False, asked[1]: True}, "workers know a link no longer than they must"


def test_staff_who_say_that_it_is_still_there_are_asked_again_and_may_have_it_sent_at_once(
    owner: Engine, console_engine: Engine, ana: NewStaff, made: Notices, asked: list[UUID]
) -> None:
    made.first()
    hours_pass(owner, 25)
    say(owner, console_engine, ana, asked, TakedownMark.STILL_THERE)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT bool_and(check_at > now()) FROM takedowns"))
    say(owner, console_engine, ana, asked, TakedownMark.ANSWERED)
    say(owner, console_engine, ana, asked, TakedownMark.AGAIN)
    made.first()
    assert len(notices(owner)) == 1, "the first one is still on its way"
    let_arrive(owner)
    made.first()
    made.first()
    assert links_in(owner) == [2, 2]
    with owner.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'given_up' WHERE state = 'waiting'"))
    hours_pass(owner, 100)
    made.again()
    assert links_in(owner) == [2, 2], "by itself nothing follows what was given up"
    say(owner, console_engine, ana, asked, TakedownMark.AGAIN)
    made.first()
    assert links_in(owner) == [2, 2, 2]


def test_who_comes_second_makes_no_notice_and_one_that_died_before_the_end_has_made_none(
    owner: Engine, triage_engine: Engine, made: Notices, asked: list[UUID]
) -> None:
    with triage_engine.connect() as other, other.begin() as begun:
        other.execute(text("SELECT pg_advisory_xact_lock(hashtext('takedowns'))"))
        made.first()
        assert notices(owner) == []
        begun.rollback()
    with owner.begin() as connection:
        connection.execute(text("REVOKE INSERT ON audit_entries FROM hotline_triage"))
    try:
        with pytest.raises(Exception, match="42501"):
            made.first()
    finally:
        with owner.begin() as connection:
            connection.execute(text("GRANT INSERT ON audit_entries TO hotline_triage"))
    assert notices(owner) == [] and [one.notices for one in takedowns(owner)] == [0, 0]
    made.first()
    assert links_in(owner) == [2]


def test_a_webhook_is_sealed_too_and_a_worker_killed_after_it_sends_no_second_notice_under_another_number(
    settings: Settings, owner: Engine, console_engine: Engine, ana: NewStaff, case: UUID, made: Notices,
    a_courier: MakeCourier,
) -> None:  # fmt: skip
    with receiving(Receiver()) as receiver:
        host = a_provider(owner, "webhook", url=receiver.address)
        remove(settings, owner, console_engine, ana, case, host.id)
        made.first()
        killed = subprocess.run(
            [sys.executable, "-m", "tests.triage.outbound.killed_courier", "after"],
            env=child_environ(lenient(settings), "triage"),
            cwd=ROOT,
            timeout=30,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        made.first()
        made.again()
        let_time_pass(owner)
        a_courier(lenient(settings))()
    [sent], calls = notices(owner), receiver.calls
    assert (sent.state, sent.receipt) == (DeliveryState.DELIVERED, "R-17")
    assert [call.headers["webhook-id"] for call in calls] == [str(sent.id)] * 2
    assert {call.headers["content-type"] for call in calls} == {"application/age"}
    told = msgspec.json.decode(pyrage.decrypt(calls[0].body, [host.identity]), type=TakedownTold)
    assert {link.url for link in told.links} == {ROOM, OTHER_ROOM}


def test_what_is_refused_stands_in_red_and_goes_to_the_right_address_under_the_same_number(
    settings: Settings, owner: Engine, made: Notices, asked: list[UUID], a_courier: MakeCourier,
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """And no line of a log names a link."""
    with caplog.at_level(logging.DEBUG), an_office("unknown") as office:
        made.first()
        carry(a_courier, settings, office)
        [sent] = notices(owner)
        assert (sent.state, sent.trouble) == (DeliveryState.GIVEN_UP, Trouble.REFUSED)
        with transaction(owner) as session:
            assert sent.provider_id
            change(session, sent.provider_id, "plain", {"to": "right@host.example"})
        with owner.begin() as connection:
            connection.execute(text("UPDATE deliveries SET state = 'waiting', before = attempts"))
        office.room.mood = "kind"
        let_time_pass(owner)
        carry(a_courier, settings, office)
    [envelope] = office.room.came
    assert envelope.rcpt_tos == ["right@host.example"]
    assert str(sent.id) in str(office.room.messages[0]["Message-ID"])
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # not the server's own
    said = "".join([*ours, *capfd.readouterr()])
    assert "delivery.not_made" in said
    assert "pages" not in said and "room" not in said


def test_a_link_that_does_not_open_stands_in_red_and_keeps_no_other_back(
    settings: Settings, owner: Engine, made: Notices, asked: list[UUID], a_courier: MakeCourier
) -> None:
    with owner.begin() as connection:
        swapped = "UPDATE takedowns SET letter = (SELECT letter FROM takedowns WHERE id = :a) WHERE id = :b"
        connection.execute(text(swapped), {"a": asked[0], "b": asked[1]})
    made.first()
    with an_office() as office:
        carry(a_courier, settings, office)
    assert len(office.room.came) == 1
    assert {(sent.state, sent.trouble) for sent in notices(owner)} == {
        (DeliveryState.DELIVERED, None),
        (DeliveryState.FAILED, Trouble.NO_KEY),
    }


def test_nothing_but_a_takedown_notice_ever_goes_plainly() -> None:
    now = datetime.now(UTC)
    referral = Referred(UUID(int=2), "C-1", now, "Hotline", "Example Hosting", 3, Danger.NO, "en", 1)
    with an_office() as office:
        for letter in (NOTICE, referral):
            parcel = Parcel(UUID(int=1), Plain("abuse@host.example"), letter)
            assert office.post().deliver_plainly(parcel) == Failed(Trouble.DOES_NOT_FIT, for_good=True)
    assert office.room.came == []


def test_a_case_that_goes_to_another_agency_leaves_its_takedowns_behind_stopped(
    settings: Settings, owner: Engine, made: Notices, asked: list[UUID]
) -> None:
    with transaction(owner) as session:
        italian = an_agency(session, settings).id
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET agency_id = :to"), {"to": italian})
    made.first()
    assert notices(owner) == []
    assert {(one.state, one.letter) for one in takedowns(owner)} == {(TakedownState.STOPPED, None)}


def test_names_that_lead_nowhere_are_said_to_and_only_dns_is_asked(
    owner: Engine, triage_engine: Engine, made: Notices, asked: list[UUID], courier_keys: CourierKeys
) -> None:
    made.first()
    zone: dict[str, list[str]] = {"www.pages.example": ["203.0.113.7"]}
    with a_nameserver(zone) as server:
        names = Names(triage_engine, courier_keys.letters, server.resolver, 2)
        names.look()
        assert server.asked == [], "nobody is asked before staff are"
        hours_pass(owner, 25)
        names.look()
        assert {one.unknown_at is None for one in takedowns(owner)} == {True, False}
        zone["pages.example"] = ["203.0.113.8"]
        names.look()
    assert {one.unknown_at for one in takedowns(owner)} == {None}
    assert set(server.asked) == {"www.pages.example", "pages.example"}


def test_the_digest_counts_what_somebody_should_look_after(
    settings: Settings, owner: Engine, triage_engine: Engine, made: Notices, asked: list[UUID],
    courier_keys: CourierKeys, a_courier: MakeCourier,
) -> None:  # fmt: skip
    made.first()
    let_arrive(owner)
    hours_pass(owner, 25)
    on_call(settings, owner, "Ana", "ana@staff.example")
    Watch(triage_engine, courier_keys.own, settings).digests()
    with an_office() as office:
        carry(a_courier, settings, office)
    [message] = office.room.messages
    assert "whether they are gone: 2" in message.get_content()
