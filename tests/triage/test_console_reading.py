"""The case page shows what triage read: as text that leads nowhere, with reasons and countries in words."""

import re

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.settings import Settings
from tests.factories import a_filed_report, a_submission
from tests.triage.analyst import Browser, cases_of

TOLD = "He is at my door. He is dragon_77 on snapchat, see hxxps://rооm[.]example/\u202ea or call +44 1632 960123"


def page_of(browser: Browser, owner: Engine) -> str:
    (case,) = cases_of(owner)
    return browser.get(f"/cases/{case.id}").text


@pytest.fixture
def page(settings: Settings, triage_engine: Engine, owner: Engine, at_work: Browser) -> str:
    a_filed_report(settings, triage_engine, a_submission(what=TOLD, country="IT"))
    return page_of(at_work, owner)


def test_identifiers_are_grouped_and_harmless(page: str) -> None:
    found = re.findall(r'<bdi class="oh-code" dir="ltr">([^<]*)</bdi>', page.partition("Found in it")[2])
    assert found == ["hxxps[:]//xn--rm-fmca[.]example/a", "+441632960123", "snapchat[:]dragon_77"]
    assert "xn--rm-fmca.example" not in page and 'href="http' not in page


def test_what_is_odd_is_said(page: str) -> None:
    assert "(may pose as another name; hidden characters)" in page


def test_the_reasons_and_countries_are_in_words(page: str) -> None:
    assert "The words tell of danger now" in page
    assert re.search(r"Italy</dt><dd>chosen by the reporter", page)
    assert re.search(r"United Kingdom</dt><dd>phone number", page)


def test_a_report_of_before_and_a_reading_of_later_are_shown_without(
    settings: Settings, triage_engine: Engine, owner: Engine, at_work: Browser
) -> None:
    a_filed_report(settings, triage_engine, a_submission(what=TOLD))
    for reading in ("NULL", "'\\x00'"):
        with transaction(owner) as session:
            session.execute(text(f"UPDATE reports SET reading = {reading}"))  # noqa: S608  # ours
        page = page_of(at_work, owner)
        assert "Found in it" not in page and "He is at my door." in page


def test_another_language_than_the_pages_is_said(
    settings: Settings, triage_engine: Engine, owner: Engine, at_work: Browser
) -> None:
    a_filed_report(settings, triage_engine, a_submission(what="Jemand hat mich gebeten, ein Geheimnis zu bewahren."))
    assert "The words seem to be in German." in page_of(at_work, owner)
