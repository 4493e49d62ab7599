"""Referrals to abuse desks as XARF v4: the links alone, each under a number that stays."""

import xarf
from sqlalchemy import Engine

from core.details import Details
from core.settings import Settings
from core.vocabulary import DeliveryState, Kind, Trouble
from ops.staff import NewStaff
from tests.triage.outbound.conftest import MakeCourier
from tests.triage.outbound.post_office import an_office
from tests.triage.outbound.sending import LINK, a_case_referred, an_agency_that_receives, delivery, let_time_pass

OTHER = "https://chat.example/room/18"


def test_each_link_is_one_valid_report_and_nobodys_words_go_with_it(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: NewStaff,
    a_courier: MakeCourier,
) -> None:  # fmt: skip
    desk = an_agency_that_receives(settings, owner, "xarf", to="abuse@host.example")
    told = Details(kind=Kind.PAGE, urls=(LINK, OTHER))
    id = a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency, details=told)
    with an_office("dropping") as office:
        courier = a_courier(office.settings(settings))
        courier()
        office.room.mood = "kind"
        let_time_pass(owner)
        courier()
    assert delivery(owner, id).state is DeliveryState.DELIVERED
    first, second = ([part.get_content() for part in message.iter_attachments()] for message in office.room.messages)
    assert first == second, "also the numbers of the reports"
    read = [xarf.parse(document.decode()) for document in first]
    assert [one.errors for one in read] == [[], []]
    assert [one.report.url for one in read if one.report] == [LINK, OTHER]  # type: ignore[union-attr]
    for raw in office.room.raw:
        assert b"secret" not in raw and b"pat@mail" not in raw


def test_without_a_link_there_is_nothing_to_tell_an_abuse_desk(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: NewStaff,
    a_courier: MakeCourier,
) -> None:  # fmt: skip
    desk = an_agency_that_receives(settings, owner, "xarf", to="abuse@host.example")
    id = a_case_referred(settings, owner, triage_engine, console_engine, ana, desk.agency, link="@a_handle")
    with an_office() as office:
        a_courier(office.settings(settings))()
    assert (delivery(owner, id).state, delivery(owner, id).trouble) == (DeliveryState.GIVEN_UP, Trouble.DOES_NOT_FIT)
    assert office.room.came == []
