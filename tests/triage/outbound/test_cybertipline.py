"""Referrals by the CyberTipline's interface: filed once, whatever answer gets lost."""

from collections.abc import Callable
from uuid import UUID

import msgspec
import pytest
from lxml import etree
from sqlalchemy import Engine, text

from core.accounts import Account, Sighting
from core.cybertipline.node import Node
from core.cybertipline.reading import read
from core.details import Details
from core.settings import Settings
from core.vocabulary import Danger, DeliveryState, Kind, Side, Trouble
from ops.staff import NewStaff
from tests.core.cybertipline.samples import reference
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.receivers import Peer, receiving
from tests.triage.outbound.sending import (
    LINK,
    WORDS,
    Desk,
    a_case_referred,
    agency_named,
    an_agency_that_receives,
    delivery,
    let_time_pass,
)

ACCOUNT = Account(
    side=Side.REPORTED,
    service="Northwind Chat",
    id="user-17",
    handle="shell",
    seen=(Sighting("192.0.2.17", "2026-11-01T10:00:00+00:00", 4411, "login"),),
)
RIGHT = "secret word"
ReferToPeer = Callable[..., UUID]
DETAILS = Details(kind=Kind.CONTACT, happened="2026-11-01T10:00:00+01:00", accounts=(ACCOUNT,))


def set_up(settings: Settings, seconds: int = 2) -> Settings:
    return msgspec.structs.replace(
        settings, private_addresses=True, answer_seconds=seconds, smtp_from="desk@hotline.example"
    )


def a_desk(settings: Settings, owner: Engine, peer: Peer, password: str = RIGHT) -> Desk:
    return an_agency_that_receives(
        settings, owner, "cybertipline", password, url=f"{peer.address}/ispws", user="hotline"
    )


@pytest.fixture
def referred(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: NewStaff
) -> ReferToPeer:
    def refer(peer: Peer, password: str = RIGHT, **told: object) -> UUID:
        desk = a_desk(settings, owner, peer, password)
        told = {"details": DETAILS, "danger": Danger.YES} | told
        return a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency, **told)

    return refer


def test_what_is_known_stands_in_its_place_and_the_form_is_valid(
    settings: Settings, owner: Engine, referred: ReferToPeer, a_courier: MakeCourier
) -> None:
    with receiving(Peer()) as peer:
        id = referred(peer)
        a_courier(set_up(settings))()
    assert [call.path for call in peer.calls] == ["/ispws/submit", "/ispws/finish"]
    assert (delivery(owner, id).state, delivery(owner, id).receipt) == (DeliveryState.DELIVERED, "1000")
    form = read(peer.forms["1000"])
    assert isinstance(form, Node)
    assert form.said("incidentSummary", "incidentDateTime") == "2026-11-01T10:00:00+01:00"
    assert form.has("incidentSummary", "escalateToHighPriority")
    assert form.said("internetDetails", "webPageIncident", "url") == LINK
    assert form.said("personOrUserReported", "espIdentifier") == "user-17"
    assert form.said("personOrUserReported", "ipCaptureEvent", "ipAddress") == "192.0.2.17"
    assert WORDS in form.said("additionalInfo") and str(id) in form.said("additionalInfo")
    assert "pat@mail.example" not in peer.forms["1000"].decode()
    if schema := reference():
        etree.XMLSchema(etree.parse(schema)).assertValid(etree.fromstring(peer.forms["1000"]))


@pytest.mark.parametrize(
    ("lost", "acts"),
    [
        ("finish", ["submit", "finish", "retract"]),
        ("submit", ["submit", "submit", "finish"]),
    ],
)
def test_whatever_answer_is_lost_it_is_filed_once(
    lost: str, acts: list[str], settings: Settings, owner: Engine, referred: ReferToPeer, a_courier: MakeCourier
) -> None:
    with receiving(Peer(lose={lost})) as peer:
        id = referred(peer)
        courier = a_courier(set_up(settings))
        courier()
        assert (delivery(owner, id).state, delivery(owner, id).trouble) == (DeliveryState.FAILED, Trouble.NO_ANSWER)
        let_time_pass(owner)
        courier()
    assert [call.path.rpartition("/")[2] for call in peer.calls] == acts
    assert delivery(owner, id).state is DeliveryState.DELIVERED
    assert peer.filed == [delivery(owner, id).receipt]


@pytest.mark.parametrize("state", ["open", "finished", "retracted", None])
def test_an_attempt_whose_end_is_not_known_is_asked_about_first(
    state: str | None, settings: Settings, owner: Engine, referred: ReferToPeer, a_courier: MakeCourier
) -> None:
    """As after a courier that died between what it sent and what it kept."""
    with receiving(Peer()) as peer:
        id = referred(peer)
        if state:
            peer.reports["1000"] = state
        with owner.begin() as connection:
            connection.execute(text("UPDATE deliveries SET remote = '1000', attempts = 1, state = 'failed'"))
        a_courier(set_up(settings))()
    assert peer.calls[0].path.endswith("/retract")
    assert delivery(owner, id).state is DeliveryState.DELIVERED
    assert len(peer.filed) == 1 and peer.filed == [delivery(owner, id).receipt]
    assert len(peer.calls) == (1 if state == "finished" else 3)


@pytest.mark.parametrize(
    ("act", "code", "trouble", "given_up"),
    [
        ("submit", 1000, Trouble.NO_ANSWER, False),
        ("submit", 4100, Trouble.DOES_NOT_FIT, True),
        ("submit", 3100, Trouble.LOG_IN, False),
        ("finish", 1000, Trouble.NO_ANSWER, False),
    ],
)
def test_its_own_code_counts_and_not_its_status(
    act: str, code: int, trouble: Trouble, given_up: bool, settings: Settings, owner: Engine, referred: ReferToPeer,
    a_courier: MakeCourier,
) -> None:  # fmt: skip
    with receiving(Peer(code={act: code})) as peer:
        id = referred(peer)
        a_courier(set_up(settings))()
    stored = delivery(owner, id)
    assert (stored.trouble, stored.state is DeliveryState.GIVEN_UP) == (trouble, given_up)
    assert peer.filed == []


def test_a_wrong_password_is_said_so_and_the_right_one_is_stored_sealed(
    settings: Settings, owner: Engine, referred: ReferToPeer, a_courier: MakeCourier
) -> None:
    with receiving(Peer()) as peer:
        id = referred(peer, password="another word")
        a_courier(set_up(settings))()
    assert delivery(owner, id).trouble is Trouble.LOG_IN
    agency = agency_named(owner, "example-fr")
    assert agency.way_secret and b"another word" not in agency.way_secret
    assert "another word" not in str(agency.way)
