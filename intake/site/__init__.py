"""The public site: a calm way in, in many languages, that ends in a report and a receipt."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

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


class Way(Protocol):
    """Some of the routes."""

    def routes(self) -> Sequence[BaseRoute]: ...


NewWay = Callable[[Desk, SitePages], Way]


def create_app(
    desk: Desk,
    extra: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
    locales: Path = LOCALES,
    also: Sequence[NewWay] = (),
) -> Starlette:
    """The site at `desk`, which is also `app.state.desk`; `extra` routes come first, then ways made of its pages."""
    pages = SitePages(desk.settings, desk.directory, locales)
    app = Starlette(
        routes=[*extra, *_routes_of(new(desk, pages) for new in also), *_routes(desk, pages)],
        middleware=the_edge(desk.settings, pages.pages, Policy.public()),
        exception_handlers=ErrorPages(pages.pages).handlers(),
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app


def _routes(desk: Desk, pages: SitePages) -> list[BaseRoute]:
    posters = Posters(desk.settings, desk.directory, pages)
    return list(_routes_of((Journey(desk, pages), FollowUp(desk, pages), posters, Site(desk, pages))))


def _routes_of(ways: Iterable[Way]) -> Iterator[BaseRoute]:
    for way in ways:
        yield from way.routes()
