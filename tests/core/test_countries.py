"""What is kept of countries beside their codes."""

import pytest
from babel import Locale
from babel.languages import get_official_languages
from babel.localedata import exists

from core.countries import CODES, endonyms, flag


def test_a_flag_is_its_codes_two_letters() -> None:
    assert flag("IT") == "\N{REGIONAL INDICATOR SYMBOL LETTER I}\N{REGIONAL INDICATOR SYMBOL LETTER T}"


@pytest.mark.parametrize("code", ["IT", "DE", "CH", "EG", "IN", "CN", "UA", "PL", "XK"])
def test_what_a_country_calls_itself_is_what_cldr_says(code: str) -> None:
    spoken = filter(exists, get_official_languages(code, de_facto=True))
    assert endonyms(code) == list(dict.fromkeys(str(Locale.parse(name).territories[code]) for name in spoken))


def test_nearly_every_country_has_a_name_of_its_own() -> None:
    assert len([code for code in CODES if endonyms(code)]) > 240
    assert endonyms("ZZ") == []
