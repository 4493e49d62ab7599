"""Every page of both faces, in three languages: looked at by axe in light and dark, and with a ruler."""

import pytest

from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen, kinds
from tests.journeys.product import Product
from tests.journeys.stories import STORIES, Story, off_the_way, whole_way

PUBLIC = ["/{}/ (200)", "/{}/report (200)", "/{}/report (200)", "/{}/report (422)", "/{}/nothing-here (404)"]
CONSOLE = [
    *["/login (200)", "/login (200)", "/login (403)"],
    *["/ (200)", "/ (200)", "/ (200)"],
    *["/cases/… (200)", "/cases/… (200)", "/cases/…/disposition (422)", "/cases/…/disposition (403)"],
    *["/quarantine (200)", "/nothing-here (404)"],
]
"""The same name twice: the form and the receipt; before and after a log-in; a queue with and without cases."""


@pytest.fixture(params=STORIES, ids=lambda story: story.language)
def pages(door: Door, product: Product, request: pytest.FixtureRequest) -> list[Seen]:
    story: Story = request.param
    found = kinds([*whole_way(door, product, story), *off_the_way(door, product, story.language)])
    missing = [name.format(story.language) for name in (*PUBLIC, *CONSOLE)]
    for page in found:
        if page.name in missing:
            missing.remove(page.name)
    assert not missing
    return found


def test_axe_finds_nothing(pages: list[Seen], lens: Lens) -> None:
    findings = [finding for page in pages for finding in lens.findings(page)]
    assert not findings, "\n".join(findings)


def test_nothing_is_too_wide_or_too_small(pages: list[Seen], lens: Lens) -> None:
    """In a window of 320 pixels, which is also a large one at a zoom of 400 %, and with a reader's own spacing."""
    findings = [finding for page in pages for finding in lens.measures(page)]
    assert not findings, "\n".join(findings)
