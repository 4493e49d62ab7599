"""Leaving fast: nobody who comes after reads what was typed, neither by Back nor in the history."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error

from tests.browser.visitor import Door, Visitor
from tests.journeys.people import SECRET, SEND, answer, at
from tests.journeys.product import Product

EXIT = ".oh-exit"
STATUS = ".oh-exit__status"


def go_half_way(visitor: Visitor) -> None:
    visitor.goes_to(f"{visitor.door.public}/en/report")
    while at(visitor.page) != "risk":
        answer(visitor.page, what=SECRET, danger="yes")
        visitor.clicks(SEND)


def is_away(visitor: Visitor, product: Product) -> bool:
    return visitor.page.url == product.settings.exit_url


def nothing_is_left(visitor: Visitor) -> None:
    """Back five times and forward again; every entry of the history is neutral."""
    for move in (visitor.page.go_back, visitor.page.go_forward):
        for _ in range(5):
            with suppress(Error):  # Chromium sends no form again by itself
                move()
            assert SECRET not in _shown(visitor)
    history = visitor.context.new_cdp_session(visitor.page).send("Page.getNavigationHistory")["entries"]
    ours = [entry for entry in history if entry["url"].startswith(visitor.door.public)]
    assert {entry["url"].partition("#")[0] for entry in ours} <= {f"{visitor.door.public}/en/report"}
    assert all(re.fullmatch("(Page [0-9]+ – OpenHotline)?", entry["title"]) for entry in ours), ours


def _shown(visitor: Visitor) -> str:
    """What is there once the browser has done what it was told, its own page that asks first included."""
    while True:
        with suppress(Error):
            visitor.page.wait_for_load_state()
            return visitor.page.content()


def test_the_link_leads_away_without_scripts_and_back_shows_nothing(phone: Visitor, product: Product) -> None:
    go_half_way(phone)
    phone.page.locator(EXIT).click()
    assert is_away(phone, product)
    nothing_is_left(phone)


@pytest.mark.parametrize("by", ["link", "shift"])
def test_with_scripts_the_page_gives_its_place_in_the_history_away(door: Door, product: Product, by: str) -> None:
    with door.visitor(scripts=True) as visitor:
        go_half_way(visitor)
        before = visitor.page.evaluate("history.length")
        with visitor.page.expect_navigation(url=product.settings.exit_url):
            if by == "link":
                visitor.page.locator(EXIT).click()
            else:
                for _ in range(3):
                    visitor.page.keyboard.press("Shift")
        assert is_away(visitor, product)
        assert visitor.page.evaluate("history.length") == before
        nothing_is_left(visitor)


def test_shift_counts_only_by_itself_and_says_how_often_more(door: Door) -> None:
    with door.visitor(scripts=True) as visitor:
        visitor.goes_to(f"{door.public}/en/report")
        keys, status = visitor.page.keyboard, visitor.page.locator(STATUS)
        here = visitor.page.url
        for word in ("A", "B", "C", "D"):
            keys.press(f"Shift+{word}")
        keys.press("Shift")
        assert status.inner_text() == "Press Shift two more times to leave."
        keys.press("Shift")
        assert status.inner_text() == "Press Shift once more to leave."
        keys.press("a")
        assert status.inner_text() == ""
        keys.press("Shift")
        keys.press("Shift")
        visitor.page.wait_for_timeout(200)
        assert visitor.page.url == here
