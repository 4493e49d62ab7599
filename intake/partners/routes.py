"""Every address of the doors; what is at none of them is refused in their form, not with a page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from core.settings import Settings
from intake.desk import Desk
from intake.partners import openapi, problems
from intake.partners.door import Door
from intake.partners.problems import answer
from intake.partners.reports import Reports
from intake.partners.xarf_door import XarfDoor

DESCRIPTION = "/api/v1/openapi.json"


def routes(desk: Desk) -> list[BaseRoute]:
    """The doors at this desk."""
    door = Door(desk)
    found = [*Reports(door).routes(), *XarfDoor(door).routes(), Route(DESCRIPTION, _describing(desk.settings))]
    allowed = {route.path: ", ".join(sorted(route.methods or ())) for route in found}
    return [*found, Route("/api/{rest:path}", Elsewhere(allowed))]


@dataclass(frozen=True)
class Elsewhere:
    """404, or 405 where another method is taken; `allowed` is methods by path."""

    allowed: Mapping[str, str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods = self.allowed.get(scope["path"])
        refusal = answer(problems.WRONG_METHOD(), {"allow": methods}) if methods else answer(problems.NOT_FOUND())
        await refusal(scope, receive, send)


def _describing(settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    body = openapi.document(settings)

    async def describe(request: Request) -> Response:
        return Response(body, media_type="application/json")

    return describe
