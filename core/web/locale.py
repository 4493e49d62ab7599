"""Languages: their catalogues, names and directions, and which one a reader wants.

A language is offered when `locales/` has a folder for it. The `.po` files are read as they are at
start, so what a translator saved is what a reader sees; nothing is compiled or kept beside them.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from core.countries import CODES
from core.settings import ROOT
from core.web.order import Order

LOCALES = ROOT / "locales"
CATALOGUE = "LC_MESSAGES/messages.po"
SOURCE = "en"
_REVIEWED = re.compile(r"^# Reviewed by: *\S", re.MULTILINE)
_LONGEST_WISH = 1_000


@dataclass(frozen=True)
class Language:
    """One language of the pages; `code` is what URLs and `lang` say, like `it` or `pt-BR`."""

    code: str
    locale: Locale
    translations: Translations
    is_reviewed: bool
    order: Order

    @cached_property
    def name(self) -> str:
        """The language's own name for itself, in its own script."""
        name = self.locale.get_display_name(self.locale) or self.code
        return name[0].upper() + name[1:]

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    @cached_property
    def countries(self) -> tuple[tuple[str, str], ...]:
        """(code, name) of every country, in the order of the names."""
        names = [(code, str(self.locale.territories[code])) for code in CODES]
        return tuple(sorted(names, key=lambda country: self.order.key(country[1])))

    def gettext(self, message: str) -> str:
        return str(self.translations.gettext(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return str(self.translations.ngettext(one, many, count))

    def number(self, value: float) -> str:
        return numbers.format_decimal(value, locale=self.locale)

    def date(self, day: date) -> str:
        return dates.format_date(day, "long", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Date and time in the moment's own time zone."""
        return dates.format_datetime(at, "medium", tzinfo=at.tzinfo, locale=self.locale)


Languages = Mapping[str, Language]


def read_languages(folder: Path = LOCALES) -> Languages:
    """Every language offered, by code, in the order of their own names."""
    found = [read_language(path) for path in folder.glob(f"*/{CATALOGUE}")]
    return {language.code: language for language in sorted(found, key=lambda language: language.name)}


def read_language(path: Path) -> Language:
    """The language of `<folder>/LC_MESSAGES/messages.po`; its folder is its name."""
    locale = Locale.parse(path.parent.parent.name)
    text = path.read_bytes()
    catalogue = read_po(io.BytesIO(text), locale=locale, abort_invalid=True)
    reviewed = locale.language == SOURCE or bool(_REVIEWED.search(text.decode()))
    order = Order.of(path.parent.parent)
    return Language(str(locale).replace("_", "-"), locale, _translations(catalogue), reviewed, order)


def negotiate(accepted: str, languages: Languages) -> Language:
    """The best language for an `Accept-Language` header (RFC 9110 §12.5.4); else the source language.

    A region or a script that we do not have is passed over: `zh-CN` reads `zh-Hans`, `pt-BR` reads `pt`.
    """
    by_code = {code.lower(): language for code, language in languages.items()}
    by_name = {code.partition("-")[0]: language for code, language in reversed(by_code.items())}
    for wish in _by_preference(accepted[:_LONGEST_WISH].lower()):
        if found := by_code.get(wish) or by_name.get(wish.partition("-")[0]):
            return found
    return languages[SOURCE]


def _by_preference(accepted: str) -> Iterator[str]:
    wishes = [wish.partition(";") for wish in accepted.split(",")]
    weighed = [(_weight(parameters), tag.strip()) for tag, _, parameters in wishes]
    yield from (tag for weight, tag in sorted(weighed, key=lambda wish: -wish[0]) if weight > 0)


def _weight(parameters: str) -> float:
    found = re.search(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$", parameters)
    return float(found[1]) if found else 1.0


def _translations(catalogue: Catalog) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
