"""The running product, and visitors."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import DESKTOP, chromium
from tests.browser.kit import Kit
from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen, Visitor
from tests.journeys.product import Product, running


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
