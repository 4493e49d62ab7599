"""When much comes in: a browser proves by itself that somebody is there; without scripts a person waits a little."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from core.db import transaction
from core.models import Report
from tests.browser.visitor import Door, Seen
from tests.journeys.people import SECRET, SEND, carried, receipt_on, tell
from tests.journeys.product import Product, running
from tests.processes import send_report

LIMITS = {"busy_address": 1, "flood_address": 4}


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A public site that scripts have sent more to than it takes."""
    with running(tmp_path_factory.mktemp("flooded"), ["intake"], **LIMITS) as started:
        with httpx.Client(base_url=started.public, timeout=15) as script:
            assert [send_report(script, what="Told").status_code for _ in range(8)] == [200] * 5 + [429] * 3
        yield started


@pytest.fixture
def flooded_door(browser: Browser, flooded: Product, seen: list[Seen]) -> Door:
    return Door(browser, flooded.public, flooded.console, seen)


def test_a_browser_makes_its_proof_while_somebody_reads_their_answers(flooded_door: Door, flooded: Product) -> None:
    with flooded_door.visitor(scripts=True) as visitor:
        visitor.goes_to(f"{flooded_door.public}/en/report")
        tell(visitor, about="seen", link="example.com/page")
        assert visitor.page.locator("[name=proof]").count() == 1
        assert visitor.clicks(SEND).status == 200
        assert receipt_on(visitor.page)
    with transaction(flooded.owner) as session:
        assert not session.scalars(select(Report.crowded).order_by(Report.received_at.desc())).first()


def test_without_scripts_whoever_is_too_fast_is_told_to_wait_and_loses_nothing(flooded_door: Door) -> None:
    with flooded_door.visitor() as visitor:
        visitor.goes_to(f"{flooded_door.public}/en/report")
        tell(visitor, what=SECRET)
        waits = visitor.clicks(SEND)
        assert waits.status == 429
        assert "Yours is not sent yet" in visitor.page.locator("#problem").inner_text()
        assert carried(visitor.page, "what") == SECRET
