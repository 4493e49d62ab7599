"""The whole journey under the conditions people have: a narrow window, a large zoom, a slow line, a doubt."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Door, Visitor
from tests.journeys.people import BACK, SECRET, SEND, answer, at, receipt_on, tell

NARROW = {"width": 320, "height": 480}
ZOOMED = {"width": 320, "height": 200}
"""A window of 1280 x 800 at a zoom of 400 %."""

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 6_250, "uploadThroughput": 6_250}
"""50 kbit/s."""

TOLD = {"danger": "unsure", "country": "GB", "about": "me", "age": "under_13", "what": SECRET, "meet": "yes"}
SIDEWAYS = "document.scrollingElement.scrollWidth - innerWidth"
BUTTON_SEEN = """id => {
  const button = document.getElementById(id), box = button.getBoundingClientRect();
  button.scrollIntoView({block: "center"});
  const now = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(now.x + now.width / 2, now.y + now.height / 2));
}"""


@contextmanager
def somebody(door: Door, viewport: dict[str, int], scale: float = 1, language: str = "en") -> Iterator[Visitor]:
    context = door.browser.new_context(
        viewport={"width": viewport["width"], "height": viewport["height"]}, device_scale_factor=scale, locale=language
    )
    visitor = Visitor(context, door)
    yield visitor
    visitor.leaves()


@pytest.mark.parametrize(
    ("viewport", "scale", "language"),
    [(NARROW, 1, "de"), (NARROW, 1, "ar"), (ZOOMED, 4, "en"), (ZOOMED, 4, "hi")],
    ids=["320 px", "320 px in Arabic", "400 %", "400 % in Hindi"],
)
def test_nothing_is_cut_off_or_covered_in_a_small_window(
    door: Door, viewport: dict[str, int], scale: float, language: str
) -> None:
    with somebody(door, viewport, scale, language) as visitor:
        visitor.goes_to(f"{door.public}/{language}/report")
        while at(visitor.page) != "check":
            _fits(visitor.page)
            answer(visitor.page, **TOLD)
            visitor.clicks(SEND)
        _fits(visitor.page)
        assert visitor.clicks(SEND).status == 200
        assert visitor.page.evaluate(SIDEWAYS) <= 0
        assert receipt_on(visitor.page)


def test_on_a_slow_line_a_whole_report_goes_through(door: Door) -> None:
    with door.visitor(scripts=True) as visitor:
        wire = visitor.context.new_cdp_session(visitor.page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW)
        visitor.goes_to(f"{door.public}/en/")
        visitor.clicks("main a[href$='/report']")
        tell(visitor, about="seen", link="example.com/page")
        assert visitor.clicks(SEND).status == 200
        assert receipt_on(visitor.page)


def test_two_presses_are_one_report(phone: Visitor) -> None:
    phone.goes_to(f"{phone.door.public}/en/report")
    tell(phone, **TOLD)
    phone.arrives(phone.page.locator(SEND).dblclick)
    first = receipt_on(phone.page)
    phone.arrives(phone.page.reload)
    assert receipt_on(phone.page) == first


def test_the_browsers_own_back_and_forward_lose_nothing(door: Door) -> None:
    with door.visitor(scripts=True) as visitor:
        page = visitor.page
        visitor.goes_to(f"{door.public}/ar/report")
        while at(page) != "where":
            answer(page, **TOLD)
            visitor.clicks(SEND)
        for name in ("risk", "what"):
            page.go_back()
            expect(page.locator("[name=page]")).to_have_value(name)
        assert page.locator("[name=what]").input_value() == SECRET
        page.go_forward()
        expect(page.locator("[name=page]")).to_have_value("risk")
        assert page.locator("[name=meet]").is_checked()
        tell(visitor)
        visitor.clicks(SEND)
        assert receipt_on(page)
        page.go_back()
        expect(page.locator("[name=page]")).to_have_value("danger")
        assert SECRET not in page.content()


def test_without_a_connection_the_page_stays_and_says_so(door: Door) -> None:
    with door.visitor(scripts=True) as visitor:
        visitor.goes_to(f"{door.public}/en/report")
        answer(visitor.page, danger="yes")
        visitor.context.set_offline(True)
        visitor.page.locator(SEND).click()
        expect(visitor.page.get_by_role("alert")).to_contain_text("There is no connection just now.")
        assert visitor.page.locator("[name=danger][value=yes]").is_checked()
        visitor.context.set_offline(False)
        visitor.clicks(SEND)
        assert at(visitor.page) == "country"


def test_our_own_back_keeps_what_both_pages_hold(phone: Visitor) -> None:
    phone.goes_to(f"{phone.door.public}/ar/report")
    while at(phone.page) != "risk":
        answer(phone.page, **TOLD)
        phone.clicks(SEND)
    answer(phone.page, threat="yes")
    phone.clicks(BACK)
    assert phone.page.locator("[name=what]").input_value() == SECRET
    phone.clicks(SEND)
    assert phone.page.locator("[name=threat]").is_checked()


def _fits(page: Page) -> None:
    assert page.evaluate(SIDEWAYS) <= 0, f"{at(page)} is wider than the window"
    assert page.evaluate(BUTTON_SEEN, "send"), f"the button of {at(page)} is covered"
