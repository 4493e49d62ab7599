"""What people do on the pages, whatever language they are in."""

import re
import time

import pyotp
from playwright.sync_api import Frame, Locator, Page

from ops.staff import NewStaff
from tests.browser.visitor import Seen, Visitor

LANGUAGES = ("en", "it", "ar", "hi", "uk", "zh-Hans")
SEND = "#send"
BACK = "[name=go][value=back]"
DELETE = "[name=go][value=delete]"
LEAVE = "#leave"
CLOSE = "#close"
CASES = "main a[href^='/cases/']"
SECRET = "An adult asked me to keep a secret."
REASON = "The police of that country will call."
PROMPT = 10.0
"""Seconds a case may take to be in the queue; it takes one, on a machine with nothing else to do."""
_SYMBOL = "[0-9A-HJKMNP-TV-Z]"
_RECEIPT = re.compile(rf"(?<!\S){_SYMBOL}{{4}}(?:-{_SYMBOL}{{4}}){{3,}}(?!\S)")


def tell(visitor: Visitor, **answers: str) -> Seen | None:
    """Answer each page as it comes, up to the check of all answers; the page of the check."""
    seen = None
    while at(visitor.page) != "check":
        answer(visitor.page, **answers)
        seen = visitor.clicks(SEND)
    return seen


def at(page: Page) -> str:
    """The name of the journey's page."""
    return page.locator("[name=page]").input_value()


def answer(page: Page, **answers: str) -> None:
    """Fill in what this page asks; the rest is for others."""
    for name, words in answers.items():
        field = page.locator(f"[name={name}]:not([type=hidden])")
        if field.count():
            fill(field, words)


def fill(field: Locator, words: str) -> None:
    kind = field.first.get_attribute("type") or field.evaluate("field => field.tagName")
    if kind in ("radio", "checkbox"):
        field.and_(field.page.locator(f"[value='{words}']")).check()
    elif kind == "SELECT":
        field.select_option(words)
    else:
        field.fill(words)


def carried(page: Page, name: str) -> str:
    """What travels hidden with the page."""
    return page.locator(f"[name={name}][type=hidden]").input_value()


def report(reporter: Visitor, language: str) -> Seen:
    """The receipt's page. No agency answers for no country, so the case is the home agency's."""
    reporter.goes_to(f"{reporter.door.public}/{language}/report")
    tell(reporter, what=SECRET, danger="yes", link="https://games.example/a/page", email="someone@mail.example")
    return reporter.clicks(SEND)


def receipt_on(page: Page | Frame) -> str:
    """The receipt shown: at least 16 Crockford symbols in groups of four."""
    found = _RECEIPT.search(page.locator("main").inner_text())
    assert found, "no receipt is shown"
    return found[0]


def focused(page: Page) -> str:
    """The id of what the keyboard is at."""
    return str(page.evaluate("document.activeElement.id"))


def log_in(visitor: Visitor, person: NewStaff) -> Seen:
    """The page that follows: the queue."""
    visitor.goes_to(f"{visitor.door.console}/login")
    return try_to_log_in(visitor, person, pyotp.TOTP(person.totp_secret).now())


def try_to_log_in(visitor: Visitor, person: NewStaff, code: str) -> Seen:
    """On the log-in page."""
    for name, words in (("login", person.login), ("password", person.password), ("code", code)):
        visitor.page.locator(f"[name={name}]").fill(words)
    return visitor.clicks("main button[type=submit]")


def wait_for_cases(visitor: Visitor) -> Seen:
    """Open the queue until there is something in it."""
    last = time.monotonic() + PROMPT
    while True:
        queue = visitor.goes_to(f"{visitor.door.console}/")
        if visitor.page.locator(CASES).count():
            return queue
        assert time.monotonic() < last, "the case does not come"


def decide(visitor: Visitor, reason: str) -> Seen:
    """On the page of an open case."""
    visitor.page.locator("[name=disposition][value=passed_on]").check()
    visitor.page.locator("[name=reason]").fill(reason)
    return visitor.clicks(CLOSE)
