"""What a visit costs and what it leaves behind: little, and nothing."""

import pytest
from playwright.sync_api import Page

from tests.browser.visitor import Door, Visitor
from tests.journeys.people import LANGUAGES, SECRET, SEND, receipt_on, tell

MOST_BYTES = 30 * 1024
LEFT = """async () => ({
  cookies: document.cookie, local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"cookies": "", "local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}


@pytest.mark.parametrize("page", ["", "report"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_view_is_small(phone: Visitor, language: str, page: str) -> None:
    received = _bytes_received(phone.page)
    phone.goes_to(f"{phone.door.public}/{language}/{page}")
    while len(received) < len(phone.asked):
        phone.page.wait_for_timeout(20)
    assert 0 < sum(received) <= MOST_BYTES


def test_a_whole_report_leaves_nothing_in_the_browser(door: Door) -> None:
    with door.visitor(scripts=True) as visitor:
        visitor.goes_to(f"{door.public}/en/")
        visitor.clicks("main a[href$='/report']")
        tell(visitor, what=SECRET, danger="no")
        visitor.clicks(SEND)
        receipt = receipt_on(visitor.page)
        assert visitor.page.evaluate(LEFT) == NOTHING
        assert visitor.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
        assert not [url for url in visitor.asked if receipt in url or "secret" in url]


def test_the_address_never_tells_what_was_reported(phone: Visitor) -> None:
    phone.goes_to(f"{phone.door.public}/it/report")
    before = phone.page.url
    tell(phone, what="Un adulto mi chiede di tenere un segreto.", country="IT", danger="yes")
    phone.clicks(SEND)
    assert phone.page.url.partition("#")[0] == before
    assert receipt_on(phone.page) not in phone.page.title()


def _bytes_received(page: Page) -> list[int]:
    """Fills as responses end: headers and bodies as they travelled."""
    received: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    return received
