"""What the site looks like, for docs/look.md: `python -m tests.browser.pictures` takes the pictures anew."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from core.settings import ROOT, Settings
from tests.browser.chromium import DESKTOP, PHONE, chromium
from tests.browser.install import install
from tests.browser.kit import Kit
from tests.journeys.people import SEND, answer, at
from tests.journeys.product import messenger_beside, running

FOLDER = ROOT / "docs/pictures"
LANGUAGES = {"en": "GB", "ar": "EG", "hi": "IN"}
WINDOWS = {"phone": PHONE, "desktop": DESKTOP}
MESSENGERS = ("en", "ar")
SETTLED = 1_000  # milliseconds after which the dialog no longer moves
QUESTION = "risk"
COLOURS = 128


def main() -> None:
    """Of the first page, a question and a receipt in every language of `LANGUAGES`, and of the tab; small and large."""
    kit = install(Kit.of(Settings.from_environ()))
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), ("intake",)) as product,
        messenger_beside(product) as messenger,
        chromium(kit) as browser,
    ):
        for size, window in WINDOWS.items():
            for language, country in LANGUAGES.items():
                for name, picture in taken(browser, product.public, language, country, window):
                    small(picture).save(FOLDER / f"{name}-{language}-{size}.png", optimize=True)
            for language in MESSENGERS:
                picture = of_the_tab(browser, f"{messenger}/?lang={language}", window)
                small(picture).save(FOLDER / f"tab-{language}-{size}.png", optimize=True)


def taken(
    browser: Browser, site: str, language: str, country: str, window: ViewportSize
) -> Iterator[tuple[str, bytes]]:
    """Names and pictures, on the way through a report."""
    context = browser.new_context(viewport=window, locale=language, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{language}/?country={country}")
    yield "landing", _whole(page)
    page.click(".oh-doors__link")
    while at(page) != "check":
        answer(page, danger="no", country=country, about="me", age="13_15", kind="contact", threat="yes", what="…")
        if at(page) == QUESTION:
            yield "question", _whole(page)
        page.click(SEND)
    page.click(SEND)
    yield "receipt", _whole(page)
    context.close()


def of_the_tab(browser: Browser, messenger: str, window: ViewportSize) -> bytes:
    """Opened in the demo messenger."""
    context = browser.new_context(viewport=window)
    page = context.new_page()
    page.goto(messenger)
    page.locator("report-abuse").first.locator("button").first.click()
    page.frame_locator("report-abuse iframe").locator("[name=page]").wait_for(state="attached")
    page.wait_for_timeout(SETTLED)
    picture = page.screenshot()
    context.close()
    return picture


def small(picture: bytes) -> Image.Image:
    """The same in few colours: a third of the bytes."""
    return Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)


def _whole(page: Page) -> bytes:
    return page.screenshot(full_page=True)


if __name__ == "__main__":
    main()
