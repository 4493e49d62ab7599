"""The test Chromium, running: headless, and asking nobody but the sites it is sent to."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser.kit import Kit

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 256}
"""What a window of 1280 by 1024 becomes at a zoom of 400 % (WCAG 1.4.10)."""


@contextmanager
def chromium(kit: Kit) -> Iterator[Browser]:
    """While it is open `asyncio.run` does not work in this thread: playwright keeps a loop in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=kit.command(), args=FLAGS, env={**kit.environ()})
        try:
            yield browser
        finally:
            browser.close()
