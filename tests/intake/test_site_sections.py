"""Sections: pages that an operator writes, in every language there is."""

from pathlib import Path

import pytest

from core.web.locale import LOCALES, read_languages
from intake.site.sections import NAMES, WrongSection, read_sections

LANGUAGES = read_languages()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        write(tmp_path, "en", name, f"# The page {name}\n\nSome words.\n")
    return tmp_path


def write(folder: Path, language: str, name: str, text: str) -> None:
    path = folder / language / "pages" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_first_line_is_the_title_and_the_rest_the_page(folder: Path) -> None:
    write(folder, "it", "advice", "# Consigli\n\n## Adesso\n\n- **Chiama** [qui](agencies)\n")
    section = read_sections(LANGUAGES, folder)["it"]["advice"]
    assert (section.title, section.language.code) == ("Consigli", "it")
    assert section.body.split("\n")[:2] == ["<h2>Adesso</h2>", "<ul>"]
    assert '<strong>Chiama</strong> <a href="agencies">qui</a>' in section.body


def test_what_is_not_translated_is_shown_in_the_source_language_and_says_so(folder: Path) -> None:
    assert read_sections(LANGUAGES, folder)["ar"]["news"].language.code == "en"


def test_markup_in_a_section_is_shown_and_not_obeyed(folder: Path) -> None:
    write(folder, "en", "news", "# News\n\n<script>alert(1)</script> [x](javascript:alert(1))\n")
    body = read_sections(LANGUAGES, folder)["en"]["news"].body
    assert "<script" not in body
    assert 'href="javascript' not in body


@pytest.mark.parametrize("text", ["", "Words without a title", "#", "# ", "## Too small"])
def test_a_section_without_a_title_is_refused_by_its_name(folder: Path, text: str) -> None:
    write(folder, "it", "terms", text)
    with pytest.raises(WrongSection, match=r"terms\.md"):
        read_sections(LANGUAGES, folder)


def test_a_missing_source_section_is_refused_by_its_name(folder: Path) -> None:
    (folder / "en/pages/advice.md").unlink()
    with pytest.raises(WrongSection, match=r"advice\.md"):
        read_sections(LANGUAGES, folder)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_every_section_and_its_links_lead_somewhere(code: str) -> None:
    sections = read_sections(LANGUAGES)[code]
    assert [name for name in NAMES if sections[name].language.code != code] == []
    for name in NAMES:
        source = (LOCALES / "en/pages" / f"{name}.md").read_text(encoding="utf-8")
        text = (LOCALES / str(LANGUAGES[code].locale) / "pages" / f"{name}.md").read_text(encoding="utf-8")
        assert _targets(text) == _targets(source)
        assert text.count("\n## ") == source.count("\n## ")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_about_leaving_names_the_button_as_it_is(code: str) -> None:
    language = LANGUAGES[code]
    assert f"<strong>{language.gettext('Leave this page now')}" in read_sections(LANGUAGES)[code]["leaving"].body


def _targets(text: str) -> list[str]:
    return sorted(part.partition(")")[0] for part in text.split("](")[1:])
