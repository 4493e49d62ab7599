"""Languages: found as folders, read as they are, chosen as the reader asks."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.web.locale import LOCALES, negotiate, read_languages

TWELVE = ("en", "it", "fr", "de", "es", "pt", "nl", "pl", "uk", "ar", "hi", "zh-Hans")
LANGUAGES = read_languages()


def test_every_folder_of_locales_is_a_language() -> None:
    folders = {path.name.replace("_", "-") for path in LOCALES.iterdir() if path.is_dir()}
    assert set(LANGUAGES) == folders == set(TWELVE)


def test_a_language_knows_its_own_name_and_direction() -> None:
    facts = {code: (language.name, language.direction) for code, language in LANGUAGES.items()}
    assert facts.items() >= {"en": ("English", "ltr"), "it": ("Italiano", "ltr"), "ar": ("العربية", "rtl")}.items()


def test_a_new_folder_is_a_new_language(tmp_path: Path) -> None:
    shutil.copytree(LOCALES / "en", tmp_path / "en")
    shutil.copytree(LOCALES / "it", tmp_path / "pt_BR")
    text = (tmp_path / "pt_BR/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    reviewed = text.replace("# Reviewed by:", "# Reviewed by: Someone").replace("Language: it", "Language: pt_BR")
    (tmp_path / "pt_BR/LC_MESSAGES/messages.po").write_text(reviewed, encoding="utf-8")
    languages = read_languages(tmp_path)
    assert list(languages) == ["en", "pt-BR"]
    assert languages["pt-BR"].is_reviewed
    assert not LANGUAGES["it"].is_reviewed


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ("it", "it"),
        ("IT-ch", "it"),
        ("sv, eu;q=0.9", "en"),
        ("zh-CN,en;q=0.5", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("pt-BR", "pt"),
        ("sv, it;q=0.5, ar;q=0.8", "ar"),
        ("it;q=0, ar;q=0.001", "ar"),
        ("en;q=0.5,it", "it"),
        ("it;q=2", "it"),
        (",;=,,q=", "en"),
        ("*", "en"),
        ("x" * 100_000 + ",it", "en"),
    ],
)
def test_the_reader_gets_the_language_they_want_most(wishes: str, code: str) -> None:
    assert negotiate(wishes, LANGUAGES).code == code


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    assert LANGUAGES["it"].number(12345.5) == "12.345,5"
    assert LANGUAGES["en"].date(date(2026, 11, 22)) == "November 22, 2026"
    assert LANGUAGES["it"].date(date(2026, 11, 22)) == "22 novembre 2026"
    assert "22 nov 2026, 17:05" in LANGUAGES["it"].moment(datetime(2026, 11, 22, 17, 5, tzinfo=UTC))
