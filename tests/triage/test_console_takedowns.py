"""Takedowns in the console: choose, look, send; what became of it; and nobody else's."""

import re
from datetime import timedelta
from uuid import UUID

import pyrage
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.details import Details
from core.keys import CourierKeys
from core.models import Provider
from core.sealing import KeyRing
from core.settings import Settings
from core.vocabulary import About, Act, DeliveryState, TakedownMark, TakedownState
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.analyst import Browser, NewBrowser, acts, cases_of, hire, person_of, token_in
from tests.triage.outbound.removing import (
    OTHER_ROOM,
    ROOM,
    WHY,
    a_case_with_links,
    a_provider,
    hours_pass,
    let_arrive,
    notices,
    takedowns,
)
from triage.cases.regrouping import merge
from triage.takedowns.letters import open_link
from triage.takedowns.listing import count_to_check, takedowns_of, waiting
from triage.takedowns.marking import NoSuchTakedown, mark_takedowns
from triage.takedowns.notices import Notices

SHOWN = "hxxps[:]//www[.]pages[.]example/room/17?b=2&amp;a=1"
_MARK = re.compile(r'name="(link-\d+)" value="([0-9a-f]{32})"')
_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"')
_TICK = re.compile(r'name="(takedown-\d+)" value="([0-9a-f-]{36})"')


@pytest.fixture
def case(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    return a_case_with_links(settings, owner, triage_engine)


@pytest.fixture
def made(settings: Settings, triage_engine: Engine) -> Notices:
    return Notices(triage_engine, CourierKeys.read(settings.keys_dir), settings)


def fill_in(browser: Browser, case: UUID, provider: str, **fields: str) -> dict[str, str]:
    """Every link ticked, all else as it should be."""
    page = browser.get(f"/cases/{case}/takedown").text
    given = {"provider": provider, "offence": "material", "illegal_why": WHY}
    return {"token": token_in(page), **dict(_MARK.findall(page)), **given, **fields}


def look(browser: Browser, case: UUID, form: dict[str, str]) -> str:
    """The page that shows what will be sent."""
    answer = browser.post(f"/cases/{case}/takedown", form)
    assert answer.status_code == 200, answer.text
    return answer.text


def send(browser: Browser, case: UUID, page: str, times: int = 1) -> list[int]:
    form = dict(_HIDDEN.findall(page.partition("<main")[2])) | {"go": "send"}
    return [browser.post(f"/cases/{case}/takedown", form).status_code for _ in range(times)]


def ask(browser: Browser, case: UUID, provider: UUID) -> None:
    assert send(browser, case, look(browser, case, fill_in(browser, case, str(provider)))) == [303]


def section(browser: Browser, case: UUID) -> str:
    return browser.get(f"/cases/{case}").text.partition('id="takedown"')[2].partition("</section>")[0]


def say(browser: Browser, case: UUID, mark: str, *ticks: str) -> int:
    page = browser.get(f"/cases/{case}").text
    found = dict(_TICK.findall(page))
    fields = {name: found.get(name, name) for name in ticks}
    form = {"token": token_in(page), "takedown_mark": mark, **fields}
    return browser.post(f"/cases/{case}/takedown/mark", form).status_code


def test_nothing_is_sent_before_somebody_saw_what_and_to_whom(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID
) -> None:
    provider = a_provider(owner).id
    assert "Ask a provider to remove links" in section(at_work, case)
    form = fill_in(at_work, case, str(provider))
    page = look(at_work, case, form)
    for shown in ("Nothing was sent yet", SHOWN, "Example Hosting (abuse@host.example)", WHY, "has no key"):
        assert shown in page, shown
    assert takedowns(owner) == [] and acts(owner, Act.TAKEDOWN_ASKED) == []
    assert send(at_work, case, page, times=2) == [303, 303]
    assert [entry.subject for entry in acts(owner, Act.TAKEDOWN_ASKED)] == [case], "pressed twice, asked once"
    keys, stored = CourierKeys.read(settings.keys_dir).letters, takedowns(owner)
    assert {open_link(keys, one.id, one.letter or b"").url for one in stored} == {ROOM, OTHER_ROOM}
    with owner.connect() as connection:
        row: str = connection.execute(text("SELECT t::text FROM takedowns t LIMIT 1")).scalar_one()
        assert "pages" not in row and b"pages".hex() not in row
    page = section(at_work, case)
    assert SHOWN in page and "Example Hosting" in page and "A notice is being made" in page


def test_going_back_to_change_something_loses_nothing(owner: Engine, at_work: Browser, case: UUID) -> None:
    provider = a_provider(owner).id
    page = look(at_work, case, fill_in(at_work, case, str(provider)))
    form = dict(_HIDDEN.findall(page.partition("<main")[2])) | {"go": "change"}
    again = look(at_work, case, form)
    assert WHY in again and f'value="{provider}" selected' in again and again.count(" checked") == 3
    assert takedowns(owner) == []


def test_what_is_missing_is_said_and_nothing_typed_is_lost(owner: Engine, at_work: Browser, case: UUID) -> None:
    form = fill_in(at_work, case, str(a_provider(owner).id)) | {"link-1": ""}
    for field in ("link-0", "provider", "offence", "illegal_why"):
        answer = at_work.post(f"/cases/{case}/takedown", form | {field: ""})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text and (field == "illegal_why" or WHY in answer.text)
    assert takedowns(owner) == []


def test_a_contact_that_staff_write_down_is_their_agencys_and_known_from_then_on(
    settings: Settings, owner: Engine, triage_engine: Engine, at_work: Browser, case: UUID
) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    fields = {"provider_name": "Small Host", "provider_to": "abuse@small.example"}
    wrong = fill_in(at_work, case, "new", **fields, provider_key="age1nonsense")
    assert "This is no key" in at_work.post(f"/cases/{case}/takedown", wrong).text
    wrong = fill_in(at_work, case, "new", **fields | {"provider_to": "abuse"})
    assert "Write one e-mail address" in at_work.post(f"/cases/{case}/takedown", wrong).text
    page = look(at_work, case, fill_in(at_work, case, "new", **fields, provider_key=key))
    assert "Small Host (abuse@small.example)" in page and "has no key" not in page
    assert send(at_work, case, page, times=2) == [303, 303]
    other = a_case_with_links(settings, owner, triage_engine, ["https://small.example/b"], what="Another page.")
    again = {"provider_name": "Small host again", "provider_to": "Abuse@small.example"}
    assert send(at_work, other, look(at_work, other, fill_in(at_work, other, "new", **again))) == [303]
    with transaction(owner) as session:
        [stored] = session.query(Provider).all()
    assert stored.agency_id == cases_of(owner)[0].agency_id
    assert stored.way == {"by": "email", "to": "abuse@small.example", "key": key}
    assert {one.provider_id for one in takedowns(owner)} == {stored.id}
    assert [entry.subject for entry in acts(owner, Act.PROVIDER_ADDED)] == [stored.id]


def test_a_provider_is_suggested_by_its_sites_and_never_chosen_for_anybody(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID
) -> None:
    provider = a_provider(owner).id
    a_provider(owner, name="Somebody else", to="abuse@else.example")
    page = at_work.get(f"/cases/{case}/takedown").text
    assert page.count("Perhaps at Example Hosting") == 2 and f'value="{provider}" selected' in page


def test_a_link_that_is_asked_for_is_not_asked_for_twice_whichever_case_names_it(
    settings: Settings, owner: Engine, triage_engine: Engine, at_work: Browser, case: UUID, ana: NewStaff
) -> None:
    """The second reporter tells of themselves, so they have a case of their own."""
    ask(at_work, case, a_provider(owner).id)
    written = "HTTP://pages.example/room/17/?a=1&b=2&utm_source=mail"
    told = {"what": "Somebody saw me on this page.", "details": Details(about=About.ME)}
    other = a_case_with_links(settings, owner, triage_engine, [written], **told)
    first, _ = cases_of(owner)
    assert first.id == case != other
    page = section(at_work, other)
    assert "Example Hosting" in page and first.reference in page, "where it was asked for"
    with transaction(owner) as session:
        merge(session, person_of(owner, ana), case, other, "The same.")
    assert section(at_work, other).count("<article") == 2, "it goes with its reports"
    assert "nobody is asked to remove" in at_work.get(f"/cases/{other}/takedown").text
    assert len(takedowns(owner)) == 2


def test_the_section_tells_how_often_when_and_what_became_of_it(
    owner: Engine, at_work: Browser, case: UUID, made: Notices
) -> None:
    ask(at_work, case, a_provider(owner).id)
    made.first()
    assert "On its way" in section(at_work, case)
    let_arrive(owner)
    hours_pass(owner, 73)
    made.again()
    page = section(at_work, case)
    assert page.count("<li>") == 4 and "Delivered" in page and "You are asked on" in page
    let_arrive(owner)
    hours_pass(owner, 25)
    assert "2 links should be looked after" in at_work.get("/").text
    listed = at_work.get("/takedowns").text
    assert cases_of(owner)[0].reference in listed and "Example Hosting" in listed and "Now" in listed
    assert "Is it gone?" in section(at_work, case)
    assert say(at_work, case, "removed", "takedown-0") == 303
    assert say(at_work, case, "still_there", "takedown-0") == 303
    page = section(at_work, case)
    assert "Gone" in page and "You are asked on" in page
    assert "should be looked after" not in at_work.get("/").text
    assert (len(acts(owner, Act.TAKEDOWN_REMOVED)), len(acts(owner, Act.TAKEDOWN_CHECKED))) == (1, 1)
    assert [one.state for one in takedowns(owner)].count(TakedownState.REMOVED) == 1


def test_what_is_over_can_be_asked_for_again_and_pressing_twice_changes_nothing(
    owner: Engine, at_work: Browser, case: UUID
) -> None:
    provider = a_provider(owner).id
    seen = look(at_work, case, fill_in(at_work, case, str(provider)))
    assert send(at_work, case, seen) == [303]
    page = at_work.get(f"/cases/{case}").text
    form = {"token": token_in(page), "takedown_mark": "stopped", **dict(_TICK.findall(page))}
    path = f"/cases/{case}/takedown/mark"
    assert [at_work.post(path, form).status_code for _ in range(2)] == [303, 303]
    assert len(acts(owner, Act.TAKEDOWN_STOPPED)) == 2
    assert send(at_work, case, seen) == [303]
    assert {one.state for one in takedowns(owner)} == {TakedownState.STOPPED}, "the same page sent later asks no more"
    ask(at_work, case, provider)
    assert [one.state for one in takedowns(owner)].count(TakedownState.OPEN) == 2
    assert at_work.post(path, form | {"takedown_mark": "nonsense"}).status_code == 422


def test_another_agencys_takedowns_are_not_there(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID, new_browser: NewBrowser, triage_engine: Engine,
    console_engine: Engine,
) -> None:  # fmt: skip
    with transaction(owner) as session:
        italian = an_agency(session, settings).id
    a_filed_report(settings, triage_engine, a_submission("Un segreto.", country="IT", link=ROOM))
    ask(at_work, case, a_provider(owner).id)
    bruna = new_browser()
    bruna.log_in(hire(owner, settings, "Bruna", agency="example-it"))
    assert bruna.get(f"/cases/{case}/takedown").status_code == 404
    form = {"token": bruna.token(), "takedown_mark": "removed", "takedown-0": str(takedowns(owner)[0].id)}
    theirs = cases_of(owner, "example-it")[0].id
    for path in (f"/cases/{case}/takedown", f"/cases/{case}/takedown/mark", f"/cases/{theirs}/takedown/mark"):
        assert bruna.post(path, form).status_code == 404
    assert "Example Hosting" not in section(bruna, theirs), "the same link of theirs is theirs to ask for"
    assert "No provider is being asked" in bruna.get("/takedowns").text
    assert {one.state for one in takedowns(owner)} == {TakedownState.OPEN}
    with transaction(console_engine, italian) as session:
        assert session.scalar(text("SELECT count(*) FROM takedowns")) == 0


def test_the_filter_in_the_code_alone_keeps_agencies_apart(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID, ana: NewStaff
) -> None:
    """On a connection that row-level security does not bind."""
    ask(at_work, case, a_provider(owner).id)
    with transaction(owner) as session:
        an_agency(session, settings)
    bruna, keys = person_of(owner, hire(owner, settings, "Bruna", agency="example-it")), KeyRing([])
    stored = takedowns(owner)
    with owner.begin() as connection:
        connection.execute(text("UPDATE takedowns SET check_at = now() - interval '1 hour'"))
    for person, seen in ((bruna, 0), (person_of(owner, ana), 2)):
        with transaction(owner) as session:
            assert len(takedowns_of(session, keys, person, case, [one.mark for one in stored])) == seen
            assert (len(waiting(session, person)), count_to_check(session, person)) == (min(seen, 1), seen)
    with pytest.raises(NoSuchTakedown), transaction(owner) as session:
        mark_takedowns(session, bruna, [stored[0].id], TakedownMark.REMOVED, timedelta(hours=1))
    assert {one.state for one in takedowns(owner)} == {TakedownState.OPEN}


def test_a_provider_that_one_agency_wrote_down_is_not_shown_to_another(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID, new_browser: NewBrowser, triage_engine: Engine
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings)
    a_filed_report(settings, triage_engine, a_submission("Un segreto.", country="IT", link=ROOM))
    a_provider(owner)
    fields = {"provider_name": "Small Host", "provider_to": "abuse@small.example"}
    assert send(at_work, case, look(at_work, case, fill_in(at_work, case, "new", **fields))) == [303]
    with owner.connect() as connection:
        own = connection.scalar(text("SELECT id FROM providers WHERE agency_id IS NOT NULL"))
    bruna = new_browser()
    bruna.log_in(hire(owner, settings, "Bruna", agency="example-it"))
    theirs = cases_of(owner, "example-it")[0].id
    page = bruna.get(f"/cases/{theirs}/takedown").text
    assert "Example Hosting" in page and "Small Host" not in page
    answer = bruna.post(f"/cases/{theirs}/takedown", fill_in(bruna, theirs, str(own)))
    assert answer.status_code == 422 and "Choose who is to remove it" in answer.text


def test_a_notice_that_was_not_delivered_stands_in_red_and_is_sent_again(
    settings: Settings, owner: Engine, at_work: Browser, case: UUID, made: Notices, new_browser: NewBrowser
) -> None:
    ask(at_work, case, a_provider(owner).id)
    made.first()
    with owner.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'given_up', trouble = 'refused', attempts = 12"))
        broken = "INSERT INTO circuits SELECT provider_id, 9, now() + interval '1 hour' FROM deliveries"
        connection.execute(text(broken))
    page = at_work.get("/referrals").text
    assert "A takedown notice" in page and "Example Hosting" in page and "The other side refused it" in page
    lead = new_browser()
    lead.log_in(hire(owner, settings, "Carla", "supervisor"))
    [sent] = notices(owner)
    assert lead.post(f"/referrals/{sent.id}/resend", {"token": lead.token()}).status_code == 303
    assert notices(owner)[0].state is DeliveryState.WAITING
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM circuits")) == 0


def test_each_process_may_do_no_more_with_takedowns_than_it_must(owner: Engine) -> None:
    query = text("SELECT has_column_privilege(:role, 'takedowns', :column, :right)")
    with owner.connect() as connection:
        for role, column, right, may in (
            ("hotline_console", "letter", "SELECT", False),
            ("hotline_console", "link", "SELECT", True),
            ("hotline_console", "notices", "UPDATE", False),
            ("hotline_triage", "letter", "SELECT", True),
            ("hotline_triage", "link", "SELECT", False),
            ("hotline_triage", "why", "SELECT", False),
            ("hotline_triage", "state", "UPDATE", False),
            ("hotline_intake", "id", "SELECT", False),
        ):
            asked = {"role": role, "column": column, "right": right}
            assert connection.scalar(query, asked) is may, asked
