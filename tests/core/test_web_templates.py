"""Pages: translated early, escaped always, strict about names, and the shared look of both faces."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from core.web.templates import Pages


def pages(face: Path, **templates: str) -> Pages:
    (face / "templates").mkdir()
    (face / "static").mkdir()
    for name, source in templates.items():
        (face / "templates" / f"{name}.html").write_text(source, encoding="utf-8")
    return Pages(face, name="A <name>")


def rendered(face: Path, source: str, language: str = "en", **values: object) -> str:
    made = pages(face, page=source)
    return made.render(made.languages[language], "page.html", **values).decode()


def test_a_sentence_is_translated(tmp_path: Path) -> None:
    source = "{% trans %}You are not in trouble.{% endtrans %} {{ _('Yes') }}"
    assert rendered(tmp_path, source, "it") == "Non sei nei guai. Sì"


def test_a_sentence_may_hold_values_and_they_are_escaped(tmp_path: Path) -> None:
    source = "{% trans title=given %}Error: {{ title }}{% endtrans %} {{ given }}"
    assert rendered(tmp_path, source, "it", given="<b>&") == "Errore: &lt;b&gt;&amp; &lt;b&gt;&amp;"


def test_a_percent_sign_stays_one(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{% trans n=3 %}100% of {{ n }}%{% endtrans %}") == "100% of 3%"
    assert rendered_again(tmp_path, "{% trans %}100%{% endtrans %}") == "100%"


def rendered_again(face: Path, source: str) -> str:
    (face / "templates/again.html").write_text(source, encoding="utf-8")
    made = Pages(face)
    return made.render(made.languages["en"], "again.html").decode()


def test_plurals_are_chosen_when_the_page_is_made(tmp_path: Path) -> None:
    source = "{% trans n=n %}{{ n }} case{% pluralize %}{{ n }} cases{% endtrans %}"
    made = pages(tmp_path, page=source)
    texts = [made.render(made.languages["en"], "page.html", n=n).decode() for n in (0, 1, 2)]
    assert texts == ["0 cases", "1 case", "2 cases"]


def test_an_unknown_name_is_an_error_and_not_a_gap(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        rendered(tmp_path, "{{ nobody_gave_this }}")


def test_a_face_without_a_layout_has_the_shared_one(tmp_path: Path) -> None:
    made = pages(tmp_path, page='{% extends "layout.html" %}{% block main %}<h1>Hello</h1>{% endblock %}')
    page = made.render(made.languages["ar"], "page.html").decode()
    assert page.startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    assert "<title>A &lt;name&gt;</title>" in page
    assert '<main class="oh-main" id="main" tabindex="-1">\n<h1>Hello</h1>' in page


def test_every_stylesheet_of_the_face_is_in_the_one_that_pages_link(tmp_path: Path) -> None:
    before = pages(tmp_path).assets.url("style.css")
    (tmp_path / "static/face.css").write_text(".of-the-face {}")
    assert Pages(tmp_path).assets.url("style.css") != before
