"""A language that does not exist, in which every sentence is in brackets: what is outside them was never translated."""

import re
import shutil
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from core.vocabulary import About
from core.web.locale import LOCALES
from intake import site
from intake.site import sections
from intake.site.journey.path import ASKS
from ops import messages
from tests.intake.visitor import FORM, Page, Visitor

PSEUDO = "eo"
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
SAID_IN_ATTRIBUTES = (
    *("alt", "aria-label", "placeholder", "title"),
    *("data-none", "data-once", "data-twice", "data-unreachable", "data-working", "data-done"),
)
ELSEWHERE = {"option", "bdi", "time", "style", "script"}
"""What these hold is no sentence of ours: countries, names and numbers, dates."""

NAMES = {
    *("oh-languages__now", "oh-languages__button", "oh-emergency__number"),
    *("oh-atlas__letter", "oh-atlas__place", "oh-agencies__phone"),
}


class Text(HTMLParser):
    """Everything a page says, in its text and in its attributes, but what comes from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.said += [given[name] or "" for name in SAID_IN_ATTRIBUTES if given.get(name)]
        if tag not in ("meta", "link", "img", "input", "br"):
            is_name = given.get("class") in NAMES or "hreflang" in given or given.get("rel") == "noreferrer noopener"
            self.open.append("bdi" if is_name else tag)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not ELSEWHERE & set(self.open):
            self.said.append(data)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    locales, made = tmp_path_factory.mktemp("locales"), Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"))
    shutil.copytree(LOCALES / "en", locales / "en")
    bracket(messages.start(PSEUDO, locales), locales)
    return Visitor(made.desk, site.create_app(made.desk, locales=locales))


def bracket(path: Path, locales: Path) -> None:
    messages.refresh(locales)
    catalogue = read_po(BytesIO(path.read_bytes()))
    for message in catalogue:
        if message.id:
            many = isinstance(message.id, tuple | list)
            message.string = tuple(f"⟦{text}⟧" for text in message.id) if many else f"⟦{message.id}⟧"
    written = BytesIO()
    write_po(written, catalogue)
    path.write_bytes(written.getvalue())
    for name in sections.NAMES:
        page = locales / PSEUDO / "pages" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"# ⟦{name}⟧\n\n⟦Words.⟧\n", encoding="utf-8")


def pages(visitor: Visitor) -> dict[str, str]:
    paths = (
        "",
        "report",
        "agencies",
        "?country=IT",
        "?country=AQ",
        "agencies?country=IT",
        "agencies?country=AQ",
        "downloads",
        "sitemap",
        "follow-up",
        "nowhere",
    )
    seen = {path: visitor.get(f"/{PSEUDO}/{path}").text for path in (*paths, *sections.NAMES)}
    seen["receipt"] = visitor.send(PSEUDO, what="⟦Told⟧", country="IT", danger="yes").text
    seen["receipt of an adult"] = visitor.send(PSEUDO, what="⟦Told⟧", about="work").text
    for field, value in (("country", "x"), ("danger", "x"), ("link", "⟦" + "x" * 3000 + "⟧")):
        seen[f"refused {field}"] = visitor.send(PSEUDO, **{field: value}).text
    for about in About:
        seen |= walk(visitor, about)
    seen["forged"] = visitor.send(PSEUDO, what="⟦Told⟧", token="x").text
    seen["not a form"] = visitor.request("POST", f"/{PSEUDO}/report", b"{}").text
    code = b"code=0000-0000-0000-0000-0000"
    seen["mailbox down"] = visitor.request("POST", f"/{PSEUDO}/follow-up", code, content_type=FORM).text
    return seen


def walk(visitor: Visitor, about: About) -> dict[str, str]:
    """Every page that somebody is led through, saved and not saved, and the other ways from it."""
    seen, page = {}, visitor.get(f"/{PSEUDO}/report")
    said = {"danger": "yes", "about": about, "what": "⟦Told⟧", "link": "⟦example.com⟧", "meet": "yes", "age": "adult"}
    for _ in range(20):
        at = Page(page.text).carried["page"]
        seen[f"{at} {about}"] = page.text
        for go in ("back", "delete", "delete-now"):
            seen[f"{at} {about} {go}"] = visitor.goes_on(page, PSEUDO, go=go).text
        visitor.desk.closed.append(True)
        seen[f"{at} {about} not saved"] = visitor.goes_on(page, PSEUDO).text
        visitor.desk.closed.clear()
        if at == "check":
            return seen
        page = visitor.goes_on(page, PSEUDO, **{name: said[name] for name in ASKS[at] if name in said})
    raise AssertionError("the check never comes")


def test_nothing_that_the_public_pages_say_is_written_into_them(visitor: Visitor) -> None:
    name, phone = visitor.desk.settings.name, visitor.desk.settings.phone
    for page, html in pages(visitor).items():
        assert f'lang="{PSEUDO}"' in html
        said = [outside_brackets(text).replace(name, "").replace(phone, "") for text in Text(html).said]
        assert not [text for text in said if re.search(r"\w", text)], page


def outside_brackets(text: str) -> str:
    """A sentence may hold another."""
    while (rest := BRACKETED.sub("", text)) != text:
        text = rest
    return text
