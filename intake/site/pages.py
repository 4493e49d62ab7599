"""The public pages as bytes; what a page shows is decided here and nowhere else."""

import re
from pathlib import Path

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.countries import CODES
from core.directory import Directory
from core.settings import Settings
from core.web.locale import LOCALES, SOURCE, Language, read_languages
from core.web.templates import Pages
from intake.site.choices import Countries
from intake.site.nearby import accepted, country_in, kinds, spoken
from intake.site.sections import read_sections

FACE = Path(__file__).parent
MOST_ENTRIES = 4


class SitePages:
    """Every public page in every language."""

    def __init__(self, settings: Settings, directory: Directory, locales: Path = LOCALES) -> None:
        call = "tel:" + re.sub(r"[^0-9+]", "", settings.phone)
        languages = read_languages(locales)
        self._sections = read_sections(languages, locales)
        self.pages = Pages(
            FACE, languages, name=settings.name, phone=settings.phone, phone_link=call, sections=self._sections
        )
        self._directory = directory
        self.countries = Countries(self.pages)
        self._section_pages = {
            (code, name): self.pages.render(self.pages.languages[code], "section.html", section=section)
            for code, sections in self._sections.items()
            for name, section in sections.items()
        }
        self._helpers = dict[tuple[str, bool], Markup]()
        self._helpers_of = directory.entries

    def landing(self, language: Language, code: str) -> bytes:
        """The first page, for the country of this code when it is one."""
        country = country_in(language, code, self._directory)
        return self.pages.render(language, "landing.html", country=country, places=self.countries.listed(language))

    def section(self, language: Language, name: str) -> bytes:
        return self._section_pages[language.code, name]

    def follow_up(self, language: Language, **values: object) -> bytes:
        return self.pages.render(language, "follow-up.html", **values)

    def language_of(self, request: Request) -> Language:
        """The language the path names. Raises HTTPException."""
        language = self.pages.languages.get(request.path_params["language"])
        if language is None:
            raise HTTPException(404)
        return language

    def sitemap(self, language: Language) -> bytes:
        return self.pages.render(language, "sitemap.html")

    def agencies(self, language: Language, code: str) -> bytes:
        """Who helps in the country of this code; the chooser alone for what is no country."""
        return self.pages.render(
            language,
            "agencies.html",
            country=country_in(language, code, self._directory),
            places=self.countries.listed(language),
            kinds=kinds(language),
            accepted=accepted(language),
            spoken=spoken,
        )

    def downloads(self, language: Language, code: str) -> bytes:
        """What there is to print, with the country of this code chosen."""
        countries = self.countries.choosing(code, language)
        return self.pages.render(
            language, "downloads.html", countries=countries, country=code if countries.chosen else ""
        )

    def helpers(self, country: str, apart: bool = False) -> Markup | None:
        """Whom to call or write to in a country; None for what is none. `apart`: their pages open in new windows."""
        if country not in CODES:
            return None
        if self._helpers_of is not self._directory.entries:
            self._helpers, self._helpers_of = {}, self._directory.entries
        place = country, apart
        if place not in self._helpers:
            self._helpers[place] = self._helpers_in(country, apart)
        return self._helpers[place]

    def _helpers_in(self, country: str, apart: bool) -> Markup:
        """Whom a person there can call or write to, as markup; names and numbers are the same in every language."""
        reachable = [entry for entry in self._directory.for_country(country) if entry.is_reachable]
        source = self.pages.languages[SOURCE]
        return self.pages.macro(source, "components/agencies.html", "agency_list", reachable[:MOST_ENTRIES], apart)
