"""What an app added, on the case's page: verified or not, and text whatever is in it."""

import os
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import Engine

from core.accounts import Message
from core.context import Context
from core.details import NOTHING
from core.settings import Settings
from core.vocabulary import Channel, ContextState, Doubt
from tests.factories import a_filed_report, a_partner, a_submission
from tests.triage.analyst import Browser, cases_of
from tests.triage.test_console_case import ATTACKS, SAFE_TAGS, Markup

TOLD = Context(
    service="Northwind Chat",
    conversation="conversation-7",
    account="user-81",
    handle="@alex",
    role="contact",
    message_ids=("m-2", "m-3"),
    messages=(Message("Keep this a secret.", "@alex", "2026-11-01T17:05:00Z", "m-1"),),
)
VERIFIED, UNVERIFIED = ContextState.VERIFIED, ContextState.UNVERIFIED


@pytest.fixture
def shown(at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine) -> "Shown":
    return Shown(at_work, settings, owner, triage_engine)


class Shown:
    """The page of a case whose report has that context."""

    def __init__(self, browser: Browser, settings: Settings, owner: Engine, triage_engine: Engine) -> None:
        self.browser, self.settings, self.owner, self.triage_engine = browser, settings, owner, triage_engine

    def __call__(self, context: Context | None, state: ContextState, name: str = "Northwind Chat") -> Markup:
        partner = a_partner(self.settings, self.owner, name)
        told = replace(
            a_submission(),
            channel=Channel.TAB,
            partner=partner.id,
            details=msgspec.structs.replace(NOTHING, context=context),
            context_state=state,
            context_id=os.urandom(32) if state is VERIFIED else None,
        )
        a_filed_report(self.settings, self.triage_engine, told)
        return Markup(self.browser.get(f"/cases/{cases_of(self.owner)[0].id}").text)


def test_everything_that_was_added_is_there_with_the_partners_name(shown: Shown) -> None:
    page = shown(TOLD, VERIFIED).text
    for part in ("Northwind Chat", "conversation-7", "user-81", "@alex", "contact", "m-2", "m-3", "m-1", "Keep this a"):
        assert part in page
    assert "The partner signed this for us." in page and "Not verified" not in page


@pytest.mark.parametrize("doubt", [None, *Doubt])
def test_what_is_not_verified_says_so_and_why(shown: Shown, doubt: Doubt | None) -> None:
    page = shown(msgspec.structs.replace(TOLD, doubt=doubt), UNVERIFIED).text
    assert "Not verified" in page and "Anybody may have written this." in page
    assert "The partner signed this" not in page
    assert ("used for another report" in page) is (doubt is None)


def test_that_something_was_taken_out_is_said_and_that_nothing_was_added_too(shown: Shown) -> None:
    assert "took something out of it" in shown(msgspec.structs.replace(TOLD, is_cut=True), VERIFIED).text


def test_that_nothing_was_added_is_said(shown: Shown) -> None:
    page = shown(None, UNVERIFIED).text
    assert "The app added nothing" in page and "Not verified" not in page


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_an_app_adds_is_text_and_cannot_turn_its_surroundings(shown: Shown, attack: str) -> None:
    everywhere = Context(attack, attack, attack, attack, attack, (attack,), (Message(attack, attack, attack, attack),))
    page = shown(everywhere, VERIFIED)
    assert page.tags <= SAFE_TAGS | {"dd", "ol", "strong", "section"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert page.text.count(attack) >= 10
    assert "evil.example" not in "".join(value for _, value in page.attributes)
