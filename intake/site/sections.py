"""Sections: pages an operator writes, one Markdown file for each language, `locales/<language>/pages/<name>.md`.

The first line is the title. A language without the file shows the source language's, and says so to the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from core.errors import HotlineError
from core.web.locale import LOCALES, SOURCE, Language, Languages

NAMES = ("advice", "young-people", "news", "privacy", "terms", "accessibility", "leaving")
_markdown = MarkdownIt("commonmark", {"html": False})


class WrongSection(HotlineError):
    """A section is missing or has no title; the message names the file."""


@dataclass(frozen=True, slots=True)
class Section:
    """One page of text; `language` is the one it is written in."""

    name: str
    title: str
    body: Markup
    language: Language


Sections = dict[str, Section]


def read_sections(languages: Languages, folder: Path = LOCALES) -> Mapping[str, Sections]:
    """Every section by language code and name. Raises WrongSection."""
    source = {name: _read(folder, name, languages[SOURCE]) for name in NAMES}
    return {code: source | _written(folder, language) for code, language in languages.items()}


def _written(folder: Path, language: Language) -> Sections:
    return {name: _read(folder, name, language) for name in NAMES if _path(folder, name, language).exists()}


def _path(folder: Path, name: str, language: Language) -> Path:
    return folder / str(language.locale) / "pages" / f"{name}.md"


def _read(folder: Path, name: str, language: Language) -> Section:
    path = _path(folder, name, language)
    try:
        first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        raise WrongSection(f"{path} cannot be read.") from None
    title = first.removeprefix("# ").strip()
    if not first.startswith("# ") or not title:
        raise WrongSection(f"{path}: the first line must be the title, like “# Get advice”.")
    return Section(name, title, Markup(_markdown.render(rest)), language)  # noqa: S704  # raw HTML is off
