"""Every public page in every language: what it must have, what it may not, and what it weighs."""

import re
from collections.abc import Callable
from functools import cache

import httpx
import pytest

from core.web.locale import read_languages
from intake.site import sections
from tests.intake.visitor import Page, Visitor

LANGUAGES = read_languages()
BUDGET = 30_000
CONTROLS = ("input", "textarea", "select")


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"))


def at(visitor: Visitor, language: str, *answers: dict[str, str]) -> httpx.Response:
    """The page one comes to by these answers."""
    page = visitor.get(f"/{language}/report")
    for fields in answers:
        page = visitor.goes_on(page, language, **fields)
    return page


Answered = tuple[dict[str, str], ...]

A_CHILD: Answered = (
    *({"danger": "yes"}, {"country": "IT"}, {}, {"about": "me"}, {"age": "13_15"}, {"kind": "contact"}),
    *({"what": "Told"}, {"meet": "yes"}, {"link": "example.com"}, {"suspect": "x"}, {"kept": "no"}, {}),
)
A_PARENT: Answered = ({"danger": "no"}, {"country": "GB"}, {"about": "my_child"}, {}, {}, {"what": "Told"}, {})


def led(*answers: dict[str, str]) -> Callable[[Visitor, str], httpx.Response]:
    return lambda visitor, language: at(visitor, language, *answers)


def not_stored(visitor: Visitor, language: str) -> httpx.Response:
    visitor.desk.closed.append(True)
    try:
        return visitor.send(language, what="Told", country="GB")
    finally:
        visitor.desk.closed.clear()


PAGES: dict[str, Callable[[Visitor, str], httpx.Response]] = {
    "landing": lambda visitor, language: visitor.get(f"/{language}/"),
    "landing for a country": lambda visitor, language: visitor.get(f"/{language}/?country=IT"),
    "agencies": lambda visitor, language: visitor.get(f"/{language}/agencies"),
    "agencies of a country": lambda visitor, language: visitor.get(f"/{language}/agencies?country=IT"),
    "agencies of nowhere": lambda visitor, language: visitor.get(f"/{language}/agencies?country=<b>"),
    "downloads": lambda visitor, language: visitor.get(f"/{language}/downloads"),
    "downloads for a country": lambda visitor, language: visitor.get(f"/{language}/downloads?country=IT"),
    "follow-up": lambda visitor, language: visitor.get(f"/{language}/follow-up"),
    "sitemap": lambda visitor, language: visitor.get(f"/{language}/sitemap"),
    **{
        name: lambda visitor, language, name=name: visitor.get(f"/{language}/{name}")  # type: ignore[misc]
        for name in sections.NAMES
    },
    "report for a country": lambda visitor, language: visitor.get(f"/{language}/report?country=IT"),
    "report": lambda visitor, language: visitor.get(f"/{language}/report"),
    **{f"question {number}": led(*A_CHILD[:number]) for number in range(1, len(A_CHILD) + 1)},
    **{f"question {number} to a parent": led(*A_PARENT[:number]) for number in range(3, len(A_PARENT) + 1)},
    "ask to delete": led(*A_CHILD[:7], {"go": "delete"}),
    "deleted": led(*A_CHILD[:7], {"go": "delete-now"}),
    "receipt for a parent": lambda visitor, language: visitor.send(language, what="Told", about="my_child"),
    "refused": lambda visitor, language: visitor.send(language, email="x" * 501),
    "receipt": lambda visitor, language: visitor.send(language, what="Told", country="IT", danger="yes"),
    "not stored": not_stored,
    "not found": lambda visitor, language: visitor.get(f"/{language}/nowhere"),
    "wrong method": lambda visitor, language: visitor.request("PUT", f"/{language}/report"),
}
ALIKE = (
    *("not stored", "agencies of nowhere", "report for a country", "receipt for a parent", "ask to delete"),
    *("downloads for a country", "landing for a country"),
)


@pytest.fixture(params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=sorted(PAGES))
def page(request: pytest.FixtureRequest, visitor: Visitor, language: str) -> Page:
    return Page(text_of(request.param, visitor, language))


@cache
def text_of(name: str, visitor: Visitor, language: str) -> str:
    """Each page is fetched once."""
    return PAGES[name](visitor, language).text


def test_a_page_says_its_language_and_direction(page: Page, language: str) -> None:
    [html] = page.all("html")
    assert html == {"lang": language, "dir": LANGUAGES[language].direction}


def test_a_page_has_one_heading_one_main_part_and_a_way_to_skip_to_it(page: Page) -> None:
    assert len(page.all("h1")) == 1
    assert [main["id"] for main in page.all("main")] == ["main"]
    assert page.all("a")[0]["href"] == "#main"


def test_a_page_has_only_our_own_script_no_style_and_nothing_from_elsewhere(page: Page) -> None:
    assert not page.all("style", "iframe", "object", "base")
    assert all(
        script["src"].startswith(("/static/exit.", "/static/journey.", "/static/countries."))
        for script in page.all("script")
    )
    assert not any("http-equiv" in meta for meta in page.all("meta"))
    loaded = [element["src"] for element in page.all("img")] + [link["href"] for link in page.all("link")]
    assert all(address.startswith("/static/") for address in loaded)
    for _, attributes in page.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


def test_every_control_has_a_label_and_what_describes_it_is_there(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in page.all("label")}
    for control in page.all(*CONTROLS):
        assert control.get("type") == "hidden" or control["id"] in labelled
        assert set(control.get("aria-describedby", "").split()) <= set(ids)


def test_the_phone_is_on_every_page_in_its_own_direction(page: Page, visitor: Visitor) -> None:
    assert visitor.desk.settings.phone in page.text
    assert page.all("a", href="tel:+441632960000")


def test_titles_differ_from_page_to_page(visitor: Visitor, language: str) -> None:
    ours = [name for name in PAGES if name not in ALIKE and "to a parent" not in name]
    titles = [Page(text_of(name, visitor, language)).title for name in ours]
    assert len(titles) == len(set(titles))
    assert all(title.endswith(f" – {visitor.desk.settings.name}") for title in titles)


def test_errors_say_so_in_the_title(visitor: Visitor, language: str) -> None:
    word = LANGUAGES[language].gettext("Error: %(title)s").partition("%")[0]
    for name in ("refused", "not stored", "not found", "wrong method"):
        assert Page(PAGES[name](visitor, language).text).title.startswith(word)


def test_an_error_page_leads_to_the_first_page(visitor: Visitor, language: str) -> None:
    page = Page(PAGES["not found"](visitor, language).text)
    assert page.all("a", **{"class": "oh-button", "href": f"/{language}/"})


def test_languages_are_offered_by_their_own_names(visitor: Visitor, language: str) -> None:
    page = Page(visitor.get(f"/{language}/report").text)
    links = page.all("a", **{"class": "oh-languages__link"})
    assert [link["href"] for link in links] == [f"/{code}/report" for code in LANGUAGES]
    assert [(link["lang"], link["dir"]) for link in links] == [(code, LANGUAGES[code].direction) for code in LANGUAGES]
    assert page.texts["a:"].count("العربية") == 1


def test_a_translation_nobody_reviewed_says_so(visitor: Visitor) -> None:
    for code, language in LANGUAGES.items():
        note = language.gettext("This translation is a draft. Nobody has checked it yet.")
        assert (note in visitor.get(f"/{code}/").text) is not language.is_reviewed
    assert LANGUAGES["en"].is_reviewed


def test_the_form_keeps_nothing_in_the_browser_and_leaves_checking_to_us(visitor: Visitor, language: str) -> None:
    page = Page(visitor.get(f"/{language}/report").text)
    [form] = page.all("form")
    assert form["autocomplete"] == "off"
    assert "novalidate" in form
    assert form["action"].partition("#")[0] == f"/{language}/report"
    assert not any("required" in control or "maxlength" in control for control in page.all(*CONTROLS))


def test_each_visit_has_its_own_token(visitor: Visitor) -> None:
    first, second = (Page(visitor.get("/en/report").text).typed("token") for _ in range(2))
    assert first != second
    visitor.desk.read_token(first)


def test_every_country_can_be_chosen_and_none_need_be(visitor: Visitor, language: str) -> None:
    options = Page(at(visitor, language, {"danger": "no"}).text).all("option")
    assert options[0]["value"] == ""
    assert len({option["value"] for option in options[1:]}) == len(options) - 1 == 250
    assert Page(visitor.send(language, country="XK").text).typed("country") == "XK"


def test_the_first_view_is_light(visitor: Visitor, language: str) -> None:
    weight = 0
    for path in (f"/{language}/", f"/{language}/report"):
        html = visitor.get(path, accept_encoding="gzip")
        parts = re.findall(r'(?:src|href)="(/static/[^"]+)"', html.text)
        assert html.headers["content-encoding"] == "gzip"
        answers = [html, *(visitor.get(part, accept_encoding="gzip") for part in parts)]
        weight = max(weight, sum(int(answer.headers["content-length"]) for answer in answers))
    assert weight <= BUDGET


def test_the_first_page_sends_each_reader_to_their_language(visitor: Visitor) -> None:
    for wish, language in [("", "en"), ("ar-EG,fr;q=0.5", "ar"), ("sv, it;q=0.1, ar;q=0.05", "it"), ("xx", "en")]:
        answer = visitor.get("/", accept_language=wish)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/")
        assert answer.headers["vary"] == "accept-language"


def test_an_unknown_language_is_a_missing_page_in_one_the_reader_knows(visitor: Visitor) -> None:
    for path in ("/xx/", "/xx/report", "/EN/"):
        answer = visitor.get(path, accept_language="it")
        assert answer.status_code == 404
        assert Page(answer.text).all("html", lang="it")
    assert visitor.request("POST", "/xx/report").status_code == 404
