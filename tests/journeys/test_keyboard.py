"""The whole way by keyboard alone, seeing at every step where one is."""

import pyotp

from tests.browser.visitor import Visitor
from tests.journeys.people import (
    CASES,
    CLOSE,
    REASON,
    SECRET,
    SEND,
    at,
    carried,
    receipt_on,
    report,
    wait_for_cases,
)
from tests.journeys.product import Product

STOPS = 40
VISIBLE = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const top = document.elementFromPoint(box.x + box.width / 2, Math.min(box.y + box.height / 2, innerHeight - 1));
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const shown = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const open = top !== null && (at.contains(top) || top.contains(at));
  return {marked, shown, open};
}"""


def test_a_report_is_sent_without_a_pointer(desktop: Visitor) -> None:
    page, keys = desktop.page, desktop.page.keyboard
    desktop.goes_to(f"{desktop.door.public}/en/")
    keys.press("Tab")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(desktop, "main a[href$='/report']")
    desktop.presses("Enter")
    tab_to(desktop, "[name=danger]")
    keys.press("Space")
    keys.press("ArrowDown")
    assert page.locator("[name=danger][value=unsure]").is_checked()
    _go_on(desktop)
    tab_to(desktop, "[name=country]")
    keys.type("Italy")
    _go_on(desktop)
    assert carried(page, "country") == "IT"
    while at(page) != "check":
        if at(page) == "what":
            tab_to(desktop, "[name=what]")
            keys.type(SECRET)
        elif at(page) == "risk":
            tab_to(desktop, "[name=meet]")
            keys.press("Space")
        _go_on(desktop)
    tab_to(desktop, "[value=change-kind]")
    desktop.presses("Enter")
    assert at(page) == "kind"
    _go_on(desktop)
    assert (at(page), carried(page, "meet")) == ("check", "yes")
    _go_on(desktop)
    assert receipt_on(page)


def test_a_case_is_closed_without_a_pointer(desktop: Visitor, product: Product) -> None:
    page, keys, person = desktop.page, desktop.page.keyboard, product.a_member()
    report(desktop, "en")
    desktop.goes_to(f"{product.console}/login")
    code = pyotp.TOTP(person.totp_secret).now()
    for field, words in (("login", person.login), ("password", person.password), ("code", code)):
        tab_to(desktop, f"[name={field}]")
        keys.type(words)
    desktop.presses("Enter")
    wait_for_cases(desktop)
    tab_to(desktop, CASES)
    desktop.presses("Enter")
    tab_to(desktop, "[name=disposition]")
    keys.press("ArrowDown")
    tab_to(desktop, "[name=reason]")
    keys.type(REASON)
    tab_to(desktop, CLOSE)
    assert desktop.presses("Enter").status == 200
    assert REASON in page.locator("main").inner_text()


def test_the_keyboard_passes_through_every_page_and_out_again(desktop: Visitor) -> None:
    for address in ("en/", "en/report", "ar/report", "en/nothing-here"):
        desktop.goes_to(f"{desktop.door.public}/{address}")
        assert any(_next_stop(desktop) == "" for _ in range(STOPS)), f"{address} holds the keyboard"


def _go_on(visitor: Visitor) -> None:
    tab_to(visitor, SEND)
    assert visitor.presses("Enter").status == 200


def tab_to(visitor: Visitor, wanted: str) -> None:
    """Press Tab until there; every stop on the way must be visible."""
    for _ in range(STOPS):
        _next_stop(visitor)
        if visitor.page.locator(wanted).first.evaluate("wanted => wanted === document.activeElement"):
            return
    raise AssertionError(f"the keyboard never comes to {wanted}")


def _next_stop(visitor: Visitor) -> str:
    """Press Tab; the tag it comes to, empty when it leaves the page."""
    visitor.page.keyboard.press("Tab")
    tag = str(visitor.page.evaluate("document.activeElement.tagName"))
    if tag == "BODY":
        return ""
    view = visitor.page.evaluate(VISIBLE)
    assert all(view.values()), (view, visitor.page.evaluate("document.activeElement.outerHTML"))
    return tag
