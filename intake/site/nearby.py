"""Who helps in a country: the numbers to call and the directory's entries, in a reader's words."""

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from core.countries import CODES, emergency_numbers, flag
from core.directory import Directory, Entry
from core.web.locale import Language


@dataclass(frozen=True, slots=True)
class Country:
    """One country as a page shows it."""

    code: str
    name: str
    flag: str
    emergency: list[str]
    entries: list[Entry]


def country_in(language: Language, code: str, directory: Directory) -> Country | None:
    """None for what is no country."""
    if code not in CODES:
        return None
    name = str(language.locale.territories[code])
    return Country(code, name, flag(code), emergency_numbers(code), directory.for_country(code))


def kinds(language: Language) -> dict[str, str]:
    """What an entry is."""
    return {
        "hotline": language.gettext("Takes reports"),
        "police": language.gettext("Police"),
        "helpline": language.gettext("Listens and gives advice"),
    }


def accepted(language: Language) -> dict[str, str]:
    """What an entry takes reports of."""
    return {
        "csam_url": language.gettext("web pages that show abuse"),
        "grooming": language.gettext("adults who contact children"),
        "self_generated": language.gettext("pictures that a young person was talked into"),
        "sextortion": language.gettext("threats and blackmail"),
        "trafficking": language.gettext("trafficking of children"),
        "other": language.gettext("other worries"),
    }


def spoken(language: Language, codes: tuple[str, ...]) -> list[str]:
    """The names of languages, in the reader's."""
    return [_spoken(language, code.replace("-", "_")) for code in codes]


def _spoken(language: Language, code: str) -> str:
    try:
        return str(language.locale.languages.get(code) or Locale.parse(code).get_display_name() or code)
    except (ValueError, UnknownLocaleError):
        return code
