"""A hotline, a messenger's origin that it lists, one that it does not, and people who read their pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.chromium import chromium
from tests.browser.kit import Kit
from tests.widget.origins import Origin, serving
from tests.widget.package import Package, install
from tests.widget.reader import Reader, Readers
from tests.widget.service import Service


@pytest.fixture(scope="package")
def browser(kit: Kit) -> Iterator[Browser]:
    with chromium(kit) as started:
        yield started


@pytest.fixture(scope="package")
def package() -> Package:
    """Fetched, if it was not."""
    return install(Package.of(Settings.from_environ()))


@pytest.fixture(scope="package")
def _hotline() -> Iterator[Service]:
    with serving(Service) as service:
        yield service


@pytest.fixture(scope="package")
def _messenger() -> Iterator[Origin]:
    with serving(Origin) as origin:
        yield origin


@pytest.fixture(scope="package")
def _stranger() -> Iterator[Origin]:
    with serving(Origin) as origin:
        yield origin


@pytest.fixture
def messenger(_messenger: Origin) -> Origin:
    """A partner's own origin."""
    _messenger.asked.clear()
    _messenger.papers.clear()
    return _messenger


@pytest.fixture
def stranger(_stranger: Origin) -> Origin:
    """Nobody's partner."""
    _stranger.asked.clear()
    _stranger.papers.clear()
    return _stranger


@pytest.fixture
def hotline(_hotline: Service, messenger: Origin) -> Service:
    _hotline.asked.clear()
    _hotline.papers.clear()
    _hotline.listed[:] = [messenger.url]
    return _hotline


@pytest.fixture
def readers(browser: Browser, hotline: Service, messenger: Origin) -> Iterator[Readers]:
    with Readers(browser, hotline, messenger) as people:
        yield people


@pytest.fixture
def reader(readers: Readers) -> Reader:
    """Of a page of the messenger with one button in it, on a phone."""
    return readers.one()
