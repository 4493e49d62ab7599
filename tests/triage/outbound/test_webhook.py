"""Referrals by webhook: signed, sealed, to checked addresses, in limited time, following nothing."""

import base64
import ssl
import time
from uuid import UUID

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine

from core.errors import WrongWay
from core.ids import uuid7
from core.keys import CourierKeys
from core.settings import Settings
from core.vocabulary import DeliveryState, Trouble
from ops.staff import NewStaff
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.receivers import Call, Receiver, receiving
from tests.triage.outbound.sending import (
    WORDS,
    Desk,
    a_case_referred,
    an_agency_that_receives,
    delivery,
    let_time_pass,
    refer_case,
)
from triage.referrals.http import Answer, Rules, ask
from triage.referrals.letters import Notice
from triage.referrals.outcome import Delivered, Failed, Parcel
from triage.referrals.ways import Webhook, check_url
from triage.referrals.webhook import Caller, public_half

NEARBY = Rules(seconds=2, private=True)
NOTICE = Notice("Hotline: C-1 needs somebody now", ("C-1",))


def lenient(settings: Settings, seconds: int = 2) -> Settings:
    return msgspec.structs.replace(settings, private_addresses=True, answer_seconds=seconds)


def a_desk(settings: Settings, owner: Engine, receiver: Receiver) -> Desk:
    return an_agency_that_receives(settings, owner, "webhook", url=f"{receiver.address}/hook")


def is_signed(call: Call, public: str) -> bool:
    """As a recipient checks it with any Standard Webhooks library."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    version, _, signature = call.headers["webhook-signature"].partition(",")
    try:
        key.verify(base64.b64decode(signature), signed)
    except InvalidSignature:
        return False
    return version == "v1a"


def test_it_is_signed_and_sealed_and_their_receipt_is_kept(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    courier_keys: CourierKeys,
    a_courier: MakeCourier,
) -> None:
    with receiving(Receiver()) as receiver:
        desk = a_desk(settings, owner, receiver)
        id = a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency)
        a_courier(lenient(settings))()
    [call] = receiver.calls
    assert call.path == "/hook"
    assert (call.headers["webhook-id"], call.headers["content-type"]) == (str(id), "application/age")
    assert abs(int(call.headers["webhook-timestamp"]) - time.time()) < 10
    public = public_half(courier_keys.sign)
    assert is_signed(call, public)
    assert not is_signed(Call(call.path, call.headers, call.body + b" "), public)
    assert WORDS.encode() not in call.body
    assert desk.open(call.body).reports[0].what == WORDS
    assert (delivery(owner, id).state, delivery(owner, id).receipt) == (DeliveryState.DELIVERED, "R-17")


def test_after_a_lost_answer_the_same_number_comes_again(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    a_courier: MakeCourier,
) -> None:
    with receiving(Receiver(drop=True)) as receiver:
        desk = a_desk(settings, owner, receiver)
        id = a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency)
        courier = a_courier(lenient(settings))
        courier()
        assert delivery(owner, id).trouble is Trouble.NO_ANSWER
        receiver.drop = False
        let_time_pass(owner)
        courier()
    assert delivery(owner, id).state is DeliveryState.DELIVERED
    assert [call.headers["webhook-id"] for call in receiver.calls] == [str(id)] * 2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (204, Delivered()),
        (302, Failed(Trouble.REDIRECTED, for_good=True)),
        (308, Failed(Trouble.REDIRECTED, for_good=True)),
        (400, Failed(Trouble.REFUSED, for_good=True)),
        (410, Failed(Trouble.REFUSED, for_good=True)),
        (429, Failed(Trouble.REFUSED)),
        (500, Failed(Trouble.NO_ANSWER)),
        (503, Failed(Trouble.NO_ANSWER)),
    ],
)
def test_what_each_answer_means(status: int, outcome: object, courier_keys: CourierKeys) -> None:
    elsewhere = Receiver()
    with receiving(elsewhere), receiving(Receiver(status=status, body=b"")) as receiver:
        receiver.headers = {"location": elsewhere.address} if 300 <= status < 400 else {}
        parcel = Parcel(uuid7(), Webhook(receiver.address, ""), NOTICE)
        assert Caller.of(courier_keys.sign, NEARBY).deliver(parcel) == outcome
    assert len(receiver.calls) == 1
    assert elsewhere.calls == [], "a redirect is not followed"


@pytest.mark.parametrize("receiver", [Receiver(silent=20), Receiver(drip=True, body=b"x" * 500)])
def test_whoever_hangs_or_drips_is_hung_up_in_time(receiver: Receiver) -> None:
    with receiving(receiver):
        begun = time.monotonic()
        assert ask(Rules(0.5, private=True), "POST", receiver.address, {}, b"x") == Failed(Trouble.NO_ANSWER)
        assert time.monotonic() - begun < 2


def test_an_answer_without_end_is_cut() -> None:
    with receiving(Receiver(body=b"x" * 300_000)) as receiver:
        assert ask(NEARBY, "POST", receiver.address, {}) == Failed(Trouble.BAD_ANSWER)


def test_https_is_checked(server_tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with receiving(Receiver(), server_tls) as receiver:
        assert ask(NEARBY, "POST", receiver.address, {}) == Failed(Trouble.NO_ANSWER)
        answer = ask(Rules(2, private=True, tls=trusting), "POST", receiver.address, {})
    assert isinstance(answer, Answer) and answer.status == 200
    assert len(receiver.calls) == 1, "nothing was said to whoever could not show who they are"


def test_private_addresses_and_plain_http_are_for_those_who_allow_them(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with receiving(Receiver(), server_tls) as secured, receiving(Receiver()) as plain:
        strict = Rules(2, tls=trusting)
        assert ask(strict, "POST", secured.address, {}) == Failed(Trouble.ADDRESS)
        assert ask(strict, "POST", plain.address, {}) == Failed(Trouble.ADDRESS, for_good=True)
    assert secured.calls == plain.calls == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "0.0.0.1",
     "100.64.0.1", "[2002:0a00:0001::1]"],
)  # fmt: skip
def test_no_private_address_is_called_however_it_is_spelled(host: str) -> None:
    assert ask(Rules(0.2), "POST", f"https://{host}/", {}) == Failed(Trouble.ADDRESS)


@pytest.mark.parametrize(
    "url",
    ["http://agency.example/", "ftp://agency.example/", "https://", "https://a:b@agency.example/",
     "javascript:alert(1)", "https://agency.example/#x", "https://agency.example:99999/",
     "https://agency.example/a b", "agency.example"],
)  # fmt: skip
def test_what_is_no_address_to_send_to_is_refused_when_it_is_set(url: str) -> None:
    with pytest.raises(WrongWay):
        check_url(url)


def test_one_agency_that_hangs_is_left_alone_for_a_while_and_then_tried_once(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    a_courier: MakeCourier,
) -> None:
    with receiving(Receiver(status=500)) as broken, receiving(Receiver()) as whole:
        desk = a_desk(settings, owner, broken)
        other = an_agency_that_receives(settings, owner, "webhook", code="example-de", url=whole.address)
        ids = [a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency)]
        ids += [refer_case(settings, owner, console_engine, ana, desk.agency) for _ in range(4)]
        courier = a_courier(lenient(settings))
        courier()
        assert len(broken.calls) == 3, "after three failures its circuit is broken"
        healthy = refer_case(settings, owner, console_engine, ana, other.agency)
        courier()
        assert delivery(owner, healthy).state is DeliveryState.DELIVERED, "others are served meanwhile"
        assert len(broken.calls) == 3
        let_time_pass(owner)
        courier()
        assert len(broken.calls) == 4, "one is tried, and breaks it again"
        broken.status = 200
        let_time_pass(owner)
        courier()
    assert {delivery(owner, id).state for id in ids} == {DeliveryState.DELIVERED}
    assert len({UUID(call.headers["webhook-id"]) for call in broken.calls}) == 5
