"""Every page of both faces, in three languages, looked at by axe, with a ruler, in light and dark."""

from functools import cache

import pytest

from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen
from tests.journeys import gallery
from tests.journeys.conftest import LANGUAGES
from tests.journeys.product import Product

public_pages = cache(gallery.public_pages)
console_pages = cache(gallery.console_pages)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["public", "console"])
def pages(door: Door, product: Product, language: str, request: pytest.FixtureRequest) -> list[Seen]:
    """Collected once for all tests; nobody changes them."""
    return public_pages(door, language) if request.param == "public" else console_pages(door, product, language)


def test_axe_finds_nothing(pages: list[Seen], lens: Lens) -> None:
    findings = [finding for page in pages for finding in lens.findings(page)]
    assert not findings, "\n".join(findings)


def test_nothing_is_too_wide_or_too_small(pages: list[Seen], lens: Lens) -> None:
    """In a window of 320 pixels, which is also a large one at a zoom of 400 %."""
    findings = [finding for page in pages for finding in lens.measures(page)]
    assert not findings, "\n".join(findings)
