"""One browser for all tests that need one. They come last: while it is open, no loop can run in this thread."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.chromium import chromium
from tests.browser.install import install
from tests.browser.kit import Kit

LAST = ("tests/widget/", "tests/journeys/", "tests/journeys/test_html.py")
"""In this order; the check of every page that journeys saw comes after them."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: max((place for place, at in enumerate(LAST, 1) if item.nodeid.startswith(at)), default=0)
    )


@pytest.fixture(scope="session")
def kit() -> Kit:
    """Installed, if it was not."""
    return install(Kit.of(Settings.from_environ()))


@pytest.fixture(scope="session")
def browser(kit: Kit) -> Iterator[Browser]:
    with chromium(kit) as started:
        yield started
