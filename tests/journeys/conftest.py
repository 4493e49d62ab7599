"""A browser, the running product, and visitors. Journeys come last: while their browser is open, no loop can run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.chromium import DESKTOP, chromium
from tests.browser.install import install
from tests.browser.kit import Kit
from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen, Visitor
from tests.journeys.product import Product, running

LAST = "tests/journeys/"
VERY_LAST = "tests/journeys/test_html.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys together, and the check of every page they saw after them."""
    items.sort(key=lambda item: (item.nodeid.startswith(LAST), item.nodeid.startswith(VERY_LAST)))


@pytest.fixture(scope="package")
def kit() -> Kit:
    """Installed, if it was not."""
    return install(Kit.of(Settings.from_environ()))


@pytest.fixture(scope="package")
def browser(kit: Kit) -> Iterator[Browser]:
    with chromium(kit) as started:
        yield started


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Its own, not the one of other tests: its worker would take their reports."""
    with running(tmp_path_factory.mktemp("product")) as started:
        yield started


@pytest.fixture(scope="package")
def seen() -> list[Seen]:
    """Every page that anybody was shown."""
    return []


@pytest.fixture(scope="package")
def door(browser: Browser, product: Product, seen: list[Seen]) -> Door:
    return Door(browser, product.public, product.console, seen)


@pytest.fixture(scope="package")
def lens(browser: Browser) -> Iterator[Lens]:
    opened = Lens(browser)
    yield opened
    opened.close()


@pytest.fixture
def phone(door: Door) -> Iterator[Visitor]:
    """Small, and without scripts."""
    with door.visitor() as visitor:
        yield visitor


@pytest.fixture
def desktop(door: Door) -> Iterator[Visitor]:
    """Large, and without scripts."""
    with door.visitor(DESKTOP) as visitor:
        yield visitor
