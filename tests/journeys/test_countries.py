"""Choosing a country: from a list that works as it is, and is shortened by a word in any language."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Door, Visitor

CHOOSE = ".oh-where__now"
LEFT = ".oh-atlas__place:visible"


def test_a_country_is_chosen_without_scripts(phone: Visitor) -> None:
    phone.goes_to(f"{phone.door.public}/de/")
    phone.page.locator(CHOOSE).click()
    assert not phone.page.locator("#find").is_visible()
    phone.clicks("[href='?country=IT']")
    assert phone.page.locator(".oh-emergency__number").all_inner_texts()[0] == "112"
    phone.clicks(".oh-doors__link >> nth=0")
    assert phone.page.url.endswith("/de/report?country=IT")


@pytest.mark.parametrize(
    ("language", "typed", "country"),
    [
        ("en", "germ", "DE"),
        ("en", "Deutschl", "DE"),
        ("it", "GERMANIA", "DE"),
        ("it", "germany", "DE"),
        ("en", "aland", "AX"),
        ("en", "cote d'iv", "CI"),
        ("ar", "مصر", "EG"),
        ("zh-Hans", "yidali", "IT"),
        ("zh-Hans", "意大", "IT"),
        ("hi", "भारत", "IN"),
    ],
)
def test_a_word_in_the_readers_language_in_english_or_in_its_own_finds_it(
    door: Door, language: str, typed: str, country: str
) -> None:
    with door.visitor(scripts=True, language=language) as visitor:
        visitor.goes_to(f"{door.public}/{language}/agencies")
        visitor.page.locator("#find").fill(typed)
        expect(visitor.page.locator(LEFT)).to_have_count(1)
        visitor.presses("Enter")
        assert visitor.page.url.endswith(f"?country={country}")
        assert typed not in "".join(visitor.asked)


def test_a_word_that_finds_nothing_is_said_and_taken_back(door: Door) -> None:
    with door.visitor(scripts=True) as visitor:
        visitor.goes_to(f"{door.public}/en/")
        visitor.page.locator(CHOOSE).click()
        visitor.page.locator("#find").fill("atlantis")
        expect(visitor.page.get_by_role("status").filter(has_text="No country has that name.")).to_be_visible()
        visitor.page.keyboard.press("Enter")
        assert visitor.page.url == f"{door.public}/en/"
        visitor.page.locator("#find").fill("")
        expect(visitor.page.locator(LEFT)).to_have_count(250)
