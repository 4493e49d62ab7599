"""What people do on the pages, whatever language they are in."""

import re

from playwright.sync_api import Page

SEND = "#send"
_SYMBOL = "[0-9A-HJKMNP-TV-Z]"
_RECEIPT = re.compile(rf"(?<!\S){_SYMBOL}{{4}}(?:-{_SYMBOL}{{4}}){{3,}}(?!\S)")


def tell(page: Page, what: str = "", country: str = "", danger: str = "", link: str = "", contact: str = "") -> None:
    """Fill in the report form; what is empty stays untouched."""
    if country:
        page.locator("[name=country]").select_option(country)
    if danger:
        page.locator(f"[name=danger][value={danger}]").check()
    for name, words in (("what", what), ("link", link), ("contact", contact)):
        if words:
            page.locator(f"[name={name}]").fill(words)


def receipt_on(page: Page) -> str:
    """The receipt shown: at least 16 Crockford symbols in groups of four."""
    found = _RECEIPT.search(page.locator("main").inner_text())
    assert found, "no receipt is shown"
    return found[0]


def focused(page: Page) -> str:
    """The id of what the keyboard is at."""
    return str(page.evaluate("document.activeElement.id"))
