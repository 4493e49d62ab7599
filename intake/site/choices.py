"""The countries as markup, rendered once for each language: they are most of a page."""

from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from core.countries import CODES, endonyms, flag
from core.web.locale import SOURCE, Language
from core.web.templates import Pages


@dataclass(frozen=True, slots=True)
class Options:
    """The options cut in two inside the chosen one's tag, where `selected` goes."""

    before: Markup
    after: Markup
    chosen: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A country in the list from A to Z; `also` is what else somebody may type to find it."""

    code: str
    name: str
    flag: str
    also: str


class Countries:
    """The options of the country field, and the list from A to Z."""

    def __init__(self, pages: Pages) -> None:
        spoken = pages.languages.items()
        self._options = {
            code: pages.macro(language, "components/select.html", "options", language.countries)
            for code, language in spoken
        }
        source = pages.languages[SOURCE]
        self._lists = {
            code: pages.macro(language, "components/country.html", "country_list", _from_a_to_z(language, source))
            for code, language in spoken
        }

    def choosing(self, country: str, language: Language) -> Options:
        """The options with `country` chosen, or none when there is no such country."""
        markup = self._options[language.code]
        if country not in CODES:
            return Options(markup[:0], markup, chosen=False)
        tag = f'<option value="{country}"'
        cut = markup.index(tag) + len(tag)
        return Options(markup[:cut], markup[cut:], chosen=True)

    def listed(self, language: Language) -> Markup:
        """Every country from A to Z, each a link to this page for that country."""
        return self._lists[language.code]


def _from_a_to_z(language: Language, source: Language) -> list[tuple[str, list[Place]]]:
    """Under the letters of the reader's own alphabet."""
    english = dict(source.countries)
    places = [_place(language, code, name, english[code]) for code, name in language.countries]
    return [(letter, list(group)) for letter, group in groupby(places, lambda place: language.order.letter(place.name))]


def _place(language: Language, code: str, name: str, english: str) -> Place:
    others = dict.fromkeys((english, *endonyms(code), language.order.reading(name)))
    return Place(code, name, flag(code), "; ".join(other for other in others if other and other != name))
