"""The public routes besides the journey: no cookie, no redirect that carries anything."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.web.responses import compressed_html
from intake.desk import Desk
from intake.site import sections
from intake.site.pages import SitePages

FORGET = {"clear-site-data": '"cache", "storage"'}


class Site:
    """From a request to a page."""

    def __init__(self, desk: Desk, pages: SitePages) -> None:
        self.desk = desk
        self.site = pages
        self.pages = pages.pages

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.choose_language),
            Route("/{language}/", self.land),
            Route("/exit", self.leave),
            Route("/{language}/agencies", self.agencies),
            Route("/{language}/sitemap", self.map),
            *(Route(f"/{{language}}/{name}", self.section) for name in sections.NAMES),
            *self.pages.assets.routes(),
        ]

    async def choose_language(self, request: Request) -> Response:
        language = self.pages.language_of(request.scope)
        return Response(status_code=303, headers={"location": f"/{language.code}/", "vary": "accept-language"})

    async def land(self, request: Request) -> Response:
        language, code = self.site.language_of(request), request.query_params.get("country", "")
        return compressed_html(request, self.site.landing(language, code))

    async def section(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return compressed_html(request, self.site.section(self.site.language_of(request), name))

    async def map(self, request: Request) -> Response:
        return compressed_html(request, self.site.sitemap(self.site.language_of(request)))

    async def agencies(self, request: Request) -> Response:
        code = request.query_params.get("country", "")
        return compressed_html(request, self.site.agencies(self.site.language_of(request), code))

    async def leave(self, request: Request) -> Response:
        """Away at once; the browser is asked to forget what it may have kept."""
        return Response(status_code=303, headers={"location": self.desk.settings.exit_url, **FORGET})
