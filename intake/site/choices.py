"""The list of countries as markup, rendered once for each language: it is most of the page."""

from dataclasses import dataclass

from markupsafe import Markup

from core.countries import CODES, named
from core.web.locale import Language
from core.web.templates import Pages


@dataclass(frozen=True, slots=True)
class Options:
    """The options cut in two inside the chosen one's tag, where `selected` goes."""

    before: Markup
    after: Markup
    chosen: bool


class Countries:
    """The options of the country field."""

    def __init__(self, pages: Pages) -> None:
        self._markup = {code: _rendered(pages, language) for code, language in pages.languages.items()}

    def choosing(self, country: str, language: Language) -> Options:
        """The options with `country` chosen, or none when there is no such country."""
        markup = self._markup[language.code]
        if country not in CODES:
            return Options(markup[:0], markup, chosen=False)
        tag = f'<option value="{country}"'
        cut = markup.index(tag) + len(tag)
        return Options(markup[:cut], markup[cut:], chosen=True)


def _rendered(pages: Pages, language: Language) -> Markup:
    return pages.macro(language, "components/select.html", "options", named(language.locale))
