"""Who helps where: the numbers, the directory's entries, and the way on to a report."""

import pytest

from core.countries import CODES, emergency_numbers
from tests.intake.visitor import Page, Visitor


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"))


@pytest.mark.parametrize(
    ("country", "first"),
    [("IT", "112"), ("PL", "112"), ("US", "911"), ("AU", "000"), ("NZ", "111"), ("GB", "112"), ("JP", "110")],
)
def test_the_number_for_every_need_comes_first(country: str, first: str) -> None:
    assert emergency_numbers(country)[0] == first


def test_numbers_are_few_and_plain_and_nothing_is_made_up_for_a_country_without() -> None:
    for code in CODES:
        numbers = emergency_numbers(code)
        assert len(numbers) <= 4
        assert all(number.isascii() and number.isdecimal() for number in numbers)
    assert emergency_numbers("AQ") == emergency_numbers("") == emergency_numbers("ZZ") == []


def test_a_chosen_country_shows_its_emergency_number_before_anything_else(visitor: Visitor) -> None:
    page = Page(visitor.get("/it/agencies?country=IT").text)
    links = [link["href"] for link in page.all("a") if link["href"].startswith(("tel:", "https:", "/it/report"))]
    assert links[:5] == ["tel:112", "tel:113", "tel:115", "tel:118", "/it/report?country=IT"]
    assert "Italia" in page.title
    assert page.all("a", href="?country=FR")


@pytest.mark.parametrize("country", ["", "IT", "AQ", "<b>"])
def test_on_the_first_page_the_way_to_the_number_comes_first(visitor: Visitor, country: str) -> None:
    """With a country its number; without one, or with one whose number is not known, the choice."""
    page = Page(visitor.get(f"/it/?country={country}").text)
    [main] = page.all("main")
    links = [element["href"] for element in page.all("a")]
    first = links[links.index("/it/") + 1 + len(page.all("a", **{"class": "oh-languages__link"})) :]
    assert first[0] == ("tel:112" if country == "IT" else "?country=AF"), main
    assert page.all(
        "a", href="/it/report" + ("?country=IT" if country == "IT" else "?country=AQ" if country == "AQ" else "")
    )
    assert [link["href"] for link in page.all("a", **{"class": "oh-doors__link"})][1:] == [
        "/it/advice",
        "/it/follow-up",
    ]


def test_the_list_has_every_country_once_by_the_name_of_the_pages_language(visitor: Visitor) -> None:
    for language, germany in (("en", "Germany"), ("it", "Germania"), ("ar", "ألمانيا"), ("zh-Hans", "德国")):
        page = Page(visitor.get(f"/{language}/").text)
        places = page.all("a", **{"class": "oh-atlas__place"})
        assert sorted(place["href"] for place in places) == sorted(f"?country={code}" for code in CODES)
        [entry] = page.all("a", href="?country=DE")
        assert germany in page.text
        assert {"Deutschland", "Germany"} - {germany} <= set(entry["data-also"].split("; "))


def test_a_number_that_a_phone_can_dial_is_a_link(visitor: Visitor) -> None:
    assert Page(visitor.get("/en/agencies?country=GB").text).all("a", href="tel:08088005000")
    assert not Page(visitor.get("/en/agencies?country=CA").text).all("a", href="tel:1833591KNOW")


@pytest.mark.parametrize("country", sorted(CODES))
def test_every_country_has_a_page(visitor: Visitor, country: str) -> None:
    page = Page(visitor.get(f"/en/agencies?country={country}").text)
    assert page.all("a", href=f"/en/report?country={country}")
    for entry in visitor.desk.directory.for_country(country):
        assert entry.name in page.text
        assert (entry.source_site or entry.source) in page.text


@pytest.mark.parametrize("sent", ["", "XX", "it", "%00", "<b>IT", "IT,FR"])
def test_what_is_no_country_shows_the_chooser_alone(visitor: Visitor, sent: str) -> None:
    answer = visitor.get(f"/en/agencies?country={sent}")
    assert answer.status_code == 200
    assert not Page(answer.text).all("a", **{"class": "oh-emergency__number"})


def test_the_country_goes_along_into_the_form_and_into_other_languages(visitor: Visitor) -> None:
    assert Page(visitor.get("/en/report?country=IT").text).typed("country") == "IT"
    assert Page(visitor.get("/en/report?country=ZZ").text).typed("country") == ""
    links = Page(visitor.get("/en/agencies?country=IT").text).all("a", **{"class": "oh-languages__link"})
    assert all(link["href"].endswith("/agencies?country=IT") for link in links)


def test_every_page_offers_to_leave_and_leaving_asks_the_browser_to_forget(visitor: Visitor) -> None:
    for path in ("/en/", "/ar/report", "/it/advice", "/en/nothing"):
        assert Page(visitor.get(path).text).all("a", href="/exit")
    assert Page(visitor.send(what="Told").text).all("a", href="/exit")
    answer = visitor.get("/exit")
    assert (answer.status_code, answer.headers["location"]) == (303, visitor.desk.settings.exit_url)
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert answer.headers["cache-control"] == "no-store"
