"""The public site: a calm way in, in many languages, that ends in a report and a receipt."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from core.web.edge import the_edge
from core.web.errors import ErrorPages
from core.web.headers import Policy
from core.web.locale import LOCALES
from intake.desk import Desk
from intake.site.follow_up import FollowUp
from intake.site.journey.views import Journey
from intake.site.pages import SitePages
from intake.site.posters import Posters
from intake.site.views import Site

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def create_app(
    desk: Desk, extra: Sequence[BaseRoute] = (), lifespan: Lifespan | None = None, locales: Path = LOCALES
) -> Starlette:
    """The site at `desk`, which is also `app.state.desk`; `extra` routes come first."""
    pages = SitePages(desk.settings, desk.directory, locales)
    app = Starlette(
        routes=[*extra, *_routes(desk, pages)],
        middleware=the_edge(desk.settings, pages.pages, Policy.public()),
        exception_handlers=ErrorPages(pages.pages).handlers(),
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app


def _routes(desk: Desk, pages: SitePages) -> list[BaseRoute]:
    posters = Posters(desk.settings, desk.directory, pages)
    ways = (Journey(desk, pages), FollowUp(desk, pages), posters, Site(desk, pages))
    return [route for way in ways for route in way.routes()]
