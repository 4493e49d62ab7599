"""What a partner sent, on the case page: who, how complete, what is missing, and all of it as text."""

from uuid import UUID

import pytest
from sqlalchemy import Engine

from core.accounts import Account, File, Message, Sighting
from core.details import Details
from core.settings import Settings
from core.vocabulary import Missing, Side
from tests.factories import a_drain, a_filed_report, a_partner, a_partner_report, a_submission, post
from tests.triage.analyst import Browser, cases_of
from tests.triage.test_console_case import ATTACKS, SAFE_TAGS, Markup

TOLD = Details(
    service="Northwind Chat",
    happened="2026-11-20T17:03:00Z",
    urgency="They say that they meet tomorrow.",
    conversation="room-7",
    reference="NW-1",
    accounts=(
        Account(
            id="4711",
            handle="stranger77",
            names=("Sam",),
            emails=("sam@mail.example",),
            phones=("+44 1632 960001",),
            urls=("https://chat.example/u/4711",),
            devices=("phone-9",),
            seen=(Sighting("192.0.2.7", "2026-11-20T17:00:00Z", 51334, "login"), Sighting("2001:db8::7")),
            country="GB",
        ),
        Account(side=Side.CHILD, handle="little.fox"),
    ),
    messages=(Message("Can you keep a secret?", "stranger77", "2026-11-20T17:01:00Z"),),
    urls=("https://chat.example/room/7",),
    files=(File({"sha256": "ab" * 32}, "picture.jpg", "image/jpeg", "https://files.example/1"),),
    child_country="IT",
    note="Account closed.",
    missing=(Missing.CONTACT, Missing.AGE),
)


def a_case(settings: Settings, owner: Engine, triage_engine: Engine, details: Details, source: str) -> UUID:
    partner = a_partner(settings, owner)
    for number, completeness in enumerate((80, 20)):
        told = a_submission(details=details, source=source, completeness=completeness)
        post(settings, [a_partner_report(settings, partner.id, told, key=str(number))])
    a_drain(settings, triage_engine)()
    return cases_of(owner)[0].id


def test_everything_a_partner_told_is_on_the_page(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    case = a_case(settings, owner, triage_engine, TOLD, '{"service": "as it came"}')
    page = at_work.get(f"/cases/{case}").text
    text = Markup(page).text
    for shown in (
        *("Northwind Chat", "Sent by their server", "Completeness: 80 of 100", "their last reports have 50 on average"),
        *("Not told: a way to reach somebody; the child's age", "2026-11-20T17:03:00Z", "They say that they meet"),
        *("room-7", "NW-1", "4711", "stranger77", "Sam", "sam@mail.example", "+44 1632 960001", "phone-9"),
        *("192.0.2.7 port 51334, 2026-11-20T17:00:00Z, login", "2001:db8::7", "United Kingdom", "little.fox"),
        *("Can you keep a secret?", "ab" * 32, "picture.jpg", "image/jpeg", "Italy", "Account closed."),
        *("hxxps[:]//chat[.]example/u/4711", "hxxps[:]//chat[.]example/room/7", "hxxps[:]//files[.]example/1"),
        *("Reported account", "The child's account", '{"service": "as it came"}'),
    ):
        assert shown in text, shown
    assert "https://" not in page


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_a_partner_sends_is_text(
    attack: str, at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    account = Account(
        service=attack,
        id=attack,
        handle=attack,
        names=(attack,),
        emails=(attack,),
        phones=(attack,),
        urls=(attack,),
        devices=(attack,),
        seen=(Sighting(attack, attack, 1, attack),),
        country=attack,
        note=attack,
    )
    file = File({"md5": attack, attack: attack}, attack, attack, attack, attack)
    told = Details(
        service=attack,
        conversation=attack,
        happened=attack,
        urgency=attack,
        reference=attack,
        accounts=(account,),
        messages=(Message(attack, attack, attack, attack),),
        urls=(attack,),
        files=(file,),
        child_country=attack,
        note=attack,
    )
    seen = Markup(at_work.get(f"/cases/{a_case(settings, owner, triage_engine, told, attack)}").text)
    assert seen.tags <= SAFE_TAGS
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "style"]
    assert seen.text.count(attack) >= 20
    assert "evil.example" not in "".join(value for name, value in seen.attributes)


def test_what_people_send_themselves_says_nothing_of_partners(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    a_filed_report(settings, triage_engine)
    page = at_work.get(f"/cases/{cases_of(owner)[0].id}").text
    assert "oh-told" not in page and "Completeness" not in page
