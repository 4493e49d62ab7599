"""The directory and the countries, as the public site shows them."""

import json
import re

import pytest

from core.countries import CODES
from core.directory import AGENCIES, Directory
from core.web.locale import Language, read_languages

ROWS = json.loads(AGENCIES.read_text(encoding="utf-8"))
DIRECTORY = Directory.read()
LANGUAGES = read_languages()


def names(country: str | None) -> list[str]:
    return [entry.name for entry in DIRECTORY.for_country(country)]


def test_every_row_is_there_with_its_source_and_a_stable_code() -> None:
    assert len(ROWS) == len(DIRECTORY.entries) == 110
    assert len({row["code"] for row in ROWS}) == 110
    for row in ROWS:
        assert row["source"]
        assert re.fullmatch(r"[a-z]{2,5}(-[a-z0-9]+)+", row["code"])
        assert row["code"].startswith((row["country"] or "world").lower() + "-")
        assert len(row["code"]) <= 80


def test_every_row_is_of_a_country_we_know() -> None:
    assert {row["country"] for row in ROWS} <= CODES | {"EU", None}


def test_who_can_be_reached_comes_first_then_hotlines_police_helplines() -> None:
    entries = DIRECTORY.for_country("GB")
    assert [entry.kind for entry in entries] == ["hotline", "hotline", "police", "helpline"]
    assert [entry.is_reachable for entry in DIRECTORY.for_country("IT")] == [True, True, True, False]


@pytest.mark.parametrize("country", ["SK", "BG", "PL"])
def test_a_country_of_the_union_falls_back_on_it(country: str) -> None:
    reachable = any(entry.is_reachable for entry in DIRECTORY.for_country(country) if entry.country == country)
    assert ("Europol (European Cybercrime Centre)" in names(country)) is not reachable


def test_a_country_nobody_answers_for_gets_the_worlds_entries() -> None:
    assert names("AQ") == names(None) == ["IWF/ICMEC Reporting Portal", "INTERPOL"]


def test_every_address_is_a_web_address() -> None:
    links = [link for entry in DIRECTORY.entries for link in (entry.report_url, entry.website) if link]
    assert all(re.fullmatch(r"https?://[\w.-]+(/\S*)?", link) for link in links)
    assert len(links) == sum(name in row for row in ROWS for name in ("report_url", "website"))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_every_country_has_a_name_in_every_language(language: Language) -> None:
    countries = language.countries
    assert {code for code, _ in countries} == CODES
    assert all(name.strip() and name != code for code, name in countries)


def test_all_of_iso_3166_and_kosovo_are_there() -> None:
    assert len(CODES) == 250
    assert {"IT", "XK", "AX", "TW", "PS", "EH"} <= CODES
    assert not {"EU", "UK", "ZZ", "SU"} & CODES
