"""When nothing can be stored the page says so, keeps every word, and works again by itself."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select

from core.db import transaction
from core.models import Report
from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen, Visitor
from tests.journeys.people import LANGUAGES, SECRET, SEND, carried, focused, receipt_on, tell
from tests.journeys.product import Product, running


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A public site whose database may go; no other test uses it."""
    with running(tmp_path_factory.mktemp("troubled"), ["intake"]) as started:
        yield started


@pytest.fixture
def reporter(browser: Browser, troubled: Product, seen: list[Seen]) -> Iterator[Visitor]:
    with Door(browser, troubled.public, troubled.console, seen).visitor() as visitor:
        yield visitor


def test_a_report_that_could_not_be_stored_is_sent_by_pressing_again(reporter: Visitor, troubled: Product) -> None:
    reporter.goes_to(f"{troubled.public}/en/report")
    tell(reporter, what=SECRET, country="IT", danger="yes", email="someone@mail.example")
    troubled.servers.kill_postgres()
    assert reporter.clicks(SEND).status == 503
    assert reporter.page.title().startswith("Error: ")
    assert focused(reporter.page) == "problem"
    assert troubled.settings.phone in reporter.page.locator("#problem").inner_text()
    assert carried(reporter.page, "what") == SECRET
    assert carried(reporter.page, "email") == "someone@mail.example"
    troubled.servers.restart_postgres()
    wait_until_ready(reporter)
    assert reporter.clicks(SEND).status == 200
    assert receipt_on(reporter.page)
    with transaction(troubled.owner) as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_the_page_that_says_so_is_sound_in_every_language(reporter: Visitor, troubled: Product, lens: Lens) -> None:
    troubled.servers.kill_postgres()
    pages = [_refused(reporter, language) for language in LANGUAGES]
    troubled.servers.restart_postgres()
    findings = [finding for page in pages for finding in lens.findings(page)]
    assert not findings, "\n".join(findings)


def _refused(reporter: Visitor, language: str) -> Seen:
    reporter.goes_to(f"{reporter.door.public}/{language}/report")
    tell(reporter, what=SECRET, country="IT")
    refused = reporter.clicks(SEND)
    assert refused.status == 503
    return refused


def wait_until_ready(reporter: Visitor, seconds: float = 10) -> None:
    last = time.monotonic() + seconds
    while not reporter.context.request.get(f"{reporter.door.public}/readyz").ok:
        assert time.monotonic() < last, "it does not come back"
        time.sleep(0.1)
