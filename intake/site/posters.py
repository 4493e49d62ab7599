"""Downloads: posters in every language, for every country."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.directory import Directory
from core.settings import Settings
from core.vocabulary import AgencyKind
from core.web.locale import Language
from core.web.responses import compressed_html
from intake.poster.press import Press, PressJammed
from intake.poster.words import Helper, Nearby, Poster
from intake.site.nearby import Country, country_in
from intake.site.pages import SitePages

PDF = "application/pdf"
LISTENERS = (AgencyKind.HELPLINE, AgencyKind.HOTLINE)
MOST_HELPERS = 3


class Posters:
    """The page that offers posters, and the posters."""

    def __init__(self, settings: Settings, directory: Directory, pages: SitePages) -> None:
        self._settings = settings
        self._directory = directory
        self._pages = pages
        self._press = Press()

    def routes(self) -> list[BaseRoute]:
        return [Route("/{language}/downloads", self.offer), Route("/{language}/downloads/poster.pdf", self.show)]

    async def offer(self, request: Request) -> Response:
        language, code = self._pages.language_of(request), request.query_params.get("country", "")
        return compressed_html(request, self._pages.downloads(language, code))

    async def show(self, request: Request) -> Response:
        """The poster for a country; for what is no country, the one for everywhere."""
        language, code = self._pages.language_of(request), request.query_params.get("country", "")
        poster = write_poster(language, self._settings, country_in(language, code, self._directory))
        named = {"content-disposition": f'inline; filename="{poster.file_name}"'}
        try:
            return Response(await self._press.print(poster), headers=named, media_type=PDF)
        except PressJammed:
            raise HTTPException(503) from None


def write_poster(language: Language, settings: Settings, country: Country | None) -> Poster:
    """The words of a poster in this language."""
    return Poster(
        language=language.code,
        direction=language.direction,
        name=settings.name,
        question=language.gettext("Is something online making you sad or scared?"),
        headline=language.gettext("You can tell us"),
        sentences=_sentences(language),
        scan=language.gettext("Point the camera of a phone here"),
        square=language.gettext("A square that a phone can read. It opens our page."),
        address=f"{settings.address}/{language.code}/",
        call=language.gettext("Or call us"),
        phone=settings.phone,
        nearby=_nearby(language, country) if country else None,
    )


def _sentences(language: Language) -> tuple[str, ...]:
    return (
        language.gettext("You are not in trouble."),
        language.gettext("You do not have to give your name."),
        language.gettext("We listen to you, and we help."),
    )


def _nearby(language: Language, country: Country) -> Nearby:
    helpers = [Helper(entry.name, entry.phone) for entry in country.entries if entry.phone and entry.kind in LISTENERS]
    return Nearby(
        code=country.code,
        country=country.name,
        danger=language.gettext("In danger right now? Call:"),
        emergency=tuple(country.emergency),
        helpers=tuple(helpers[:MOST_HELPERS]),
    )
