"""Every page looked at by axe, in light and dark, and with a ruler: the public ones in every language."""

from collections import Counter
from collections.abc import Sequence

import pytest

from core.web.locale import read_languages
from intake.site import sections
from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen, alike, kinds
from tests.journeys.product import Product
from tests.journeys.stories import STORIES, Story, around_the_site, off_the_way, whole_way

PUBLIC = [
    *[
        "/{}/ (200)",
        "/{}/ (200)",
        "/{}/follow-up (200)",
        "/{}/sitemap (200)",
        "/{}/agencies (200)",
        "/{}/agencies (200)",
    ],
    *(f"/{{}}/{name} (200)" for name in sections.NAMES),
    *["/{}/report (200)", "/{}/report (200)", "/{}/report (422)", "/{}/nothing-here (404)"],
]
CONSOLE = [
    *["/login (200)", "/login (200)", "/login (403)"],
    *["/ (200)", "/ (200)", "/ (200)"],
    *["/cases/… (200)", "/cases/… (200)", "/cases/…/disposition (422)", "/cases/…/disposition (403)"],
    *["/alarms (200)", "/quarantine (200)", "/nothing-here (404)"],
]
"""The same name twice: the form and the receipt; before and after a log-in; a queue with and without cases."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_everybody_can_read_every_page(door: Door, product: Product, lens: Lens, story: Story) -> None:
    """On a phone, in a window of 320 pixels (a large one at a zoom of 400 %), with a reader's own letters."""
    seen = [*whole_way(door, product, story), *off_the_way(door, product, story.language)]
    pages = kinds(page for page in seen if f'lang="{story.language}"' in page.html.partition("<head>")[0])
    assert not _missing(pages, story.language)
    findings = [*_closely(lens, pages), *_at_a_glance(lens, seen, story.language)]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("language", sorted(read_languages().keys() - {story.language for story in STORIES}))
def test_every_reader_can_read_every_public_page(door: Door, lens: Lens, language: str) -> None:
    seen = around_the_site(door, language)
    pages = kinds(seen)
    assert not _missing(pages, language, PUBLIC)
    findings = [finding for page in (*pages, *alike(seen)) for finding in lens.glance(page)]
    assert not findings, "\n".join(findings)


def _closely(lens: Lens, pages: Sequence[Seen]) -> list[str]:
    return [finding for page in pages for finding in lens.findings(page)]


def _at_a_glance(lens: Lens, seen: Sequence[Seen], language: str) -> list[str]:
    pages = alike(page for page in seen if f'lang="{language}"' in page.html.partition("<head>")[0])
    return [finding for page in pages for finding in lens.glance(page)]


def _missing(pages: list[Seen], language: str, names: Sequence[str] = (*PUBLIC, *CONSOLE)) -> Counter[str]:
    wanted = Counter(name.format(language) for name in names)
    return wanted - Counter(page.name for page in pages)
