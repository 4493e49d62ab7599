"""The outbox: every attempt is known before it is made, and whoever is overtaken changes nothing."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.ids import uuid7
from core.keys import CourierKeys
from core.models import Delivery
from core.settings import Settings
from core.vocabulary import By, DeliveryKind, DeliveryState, Trouble
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.post_office import an_office
from tests.triage.outbound.sending import (
    Desk,
    an_agency_that_receives,
    delivery,
    let_time_pass,
)
from triage.referrals import outbox
from triage.referrals.letters import Notice, enclose_letter
from triage.referrals.outbox import MOST, Lane, Overtaken, Taken

NO_TIME, LONG = timedelta(0), timedelta(minutes=5)


def a_delivery(owner: Engine, keys: CourierKeys, desk: Desk, kind: DeliveryKind = DeliveryKind.REFERRAL) -> UUID:
    id = uuid7()
    letter = enclose_letter(keys.own, id, Notice("Nothing", ()))
    with transaction(owner) as session:
        session.add(
            Delivery(id=id, kind=kind, by=By.EMAIL, agency_id=desk.agency, to_agency_id=desk.agency, letter=letter)
        )
    return id


@pytest.fixture
def desk(settings: Settings, owner: Engine) -> Desk:
    return an_agency_that_receives(settings, owner, "email", to="desk@agency.example")


def taken_now(engine: Engine, lease: timedelta, lane: Lane = Lane.REST) -> Taken:
    taken = outbox.take(engine, lane, lease)
    assert taken
    return taken


def test_the_attempt_is_counted_before_anything_is_sent_and_nobody_else_takes_it(
    owner: Engine, triage_engine: Engine, courier_keys: CourierKeys, desk: Desk
) -> None:
    id = a_delivery(owner, courier_keys, desk)
    assert taken_now(triage_engine, LONG).id == id
    assert (delivery(owner, id).attempts, delivery(owner, id).state) == (1, DeliveryState.SENDING)
    assert outbox.take(triage_engine, Lane.REST, LONG) is None


def test_alarms_have_a_lane_of_their_own(
    owner: Engine, triage_engine: Engine, courier_keys: CourierKeys, desk: Desk
) -> None:
    a_delivery(owner, courier_keys, desk)
    alarm = a_delivery(owner, courier_keys, desk, DeliveryKind.ALARM)
    assert taken_now(triage_engine, LONG, Lane.ALARMS).id == alarm
    assert outbox.take(triage_engine, Lane.ALARMS, LONG) is None


def test_whoever_is_overtaken_settles_nothing(
    owner: Engine, triage_engine: Engine, courier_keys: CourierKeys, desk: Desk
) -> None:
    id = a_delivery(owner, courier_keys, desk)
    late, later = taken_now(triage_engine, NO_TIME), taken_now(triage_engine, LONG)
    outbox.settle_delivered(triage_engine, late, "too late")
    with pytest.raises(Overtaken):
        outbox.remember(triage_engine, late, "17")
    assert (delivery(owner, id).state, delivery(owner, id).remote) == (DeliveryState.SENDING, None)
    outbox.settle_failed(triage_engine, later, Trouble.NO_ANSWER, for_good=False, counts=True)
    assert delivery(owner, id).state is DeliveryState.FAILED


def test_what_ends_its_courier_every_time_is_set_aside_and_can_be_sent_again(
    owner: Engine, triage_engine: Engine, courier_keys: CourierKeys, desk: Desk
) -> None:
    id = a_delivery(owner, courier_keys, desk)
    for _ in range(MOST[DeliveryKind.REFERRAL]):
        taken_now(triage_engine, NO_TIME)
    assert outbox.take(triage_engine, Lane.REST, NO_TIME) is None
    outbox.set_aside_spent(triage_engine)
    assert (delivery(owner, id).state, delivery(owner, id).trouble) == (DeliveryState.GIVEN_UP, Trouble.DIED)


def test_a_pause_doubles_and_ends_with_a_person(
    owner: Engine, triage_engine: Engine, courier_keys: CourierKeys, desk: Desk
) -> None:
    id, pauses = a_delivery(owner, courier_keys, desk), []
    for _ in range(MOST[DeliveryKind.REFERRAL]):
        let_time_pass(owner)
        taken = taken_now(triage_engine, LONG)
        outbox.settle_failed(triage_engine, taken, Trouble.NO_ANSWER, for_good=False, counts=True)
        pauses.append(outbox.pause(taken).total_seconds())
    assert delivery(owner, id).state is DeliveryState.GIVEN_UP
    assert 11 <= pauses[0] <= 19 and 22 <= pauses[1] <= 38 and 2_700 <= pauses[-1] <= 4_500


def test_an_alarm_that_arrived_long_ago_is_forgotten_and_a_referral_never(
    owner: Engine, triage_engine: Engine, courier_keys: CourierKeys, desk: Desk
) -> None:
    kept = a_delivery(owner, courier_keys, desk)
    gone = a_delivery(owner, courier_keys, desk, DeliveryKind.DIGEST)
    for _ in range(2):
        outbox.settle_delivered(triage_engine, taken_now(triage_engine, LONG), "")
    outbox.forget_notices(triage_engine, NO_TIME)
    with owner.connect() as connection:
        assert connection.scalars(text("SELECT id FROM deliveries")).all() == [kept]
    assert gone != kept


def test_a_letter_opens_as_its_own_delivery_and_no_other(
    settings: Settings, owner: Engine, triage_engine: Engine, courier_keys: CourierKeys, desk: Desk,
    a_courier: MakeCourier,
) -> None:  # fmt: skip
    one, other = a_delivery(owner, courier_keys, desk), a_delivery(owner, courier_keys, desk)
    with owner.begin() as connection:
        swapped = "UPDATE deliveries SET letter = (SELECT letter FROM deliveries WHERE id = :one) WHERE id = :other"
        connection.execute(text(swapped), {"one": one, "other": other})
    with an_office() as office:
        a_courier(office.settings(settings))()
    assert delivery(owner, other).trouble is Trouble.NO_KEY
    assert len(office.room.came) == 1
