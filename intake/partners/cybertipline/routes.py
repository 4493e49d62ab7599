"""The addresses of the door, as NCMEC's; what is at none of them is refused in the door's form too."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intake.desk import Desk
from intake.partners.cybertipline import files, reports
from intake.partners.cybertipline.answers import Code, answer
from intake.partners.cybertipline.door import Door, Endpoint
from intake.partners.known import Partner

BASE = "/ispws"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ASKED: dict[str, Endpoint] = {"/status": reports.status, "/xsd": reports.xsd}
SENT: dict[str, Endpoint] = {
    "/submit": reports.submit,
    "/upload": files.upload,
    "/fileinfo": files.fileinfo,
    "/finish": reports.finish,
    "/retract": reports.retract,
}


def routes(desk: Desk) -> list[BaseRoute]:
    """The door at this desk."""
    door = Door(desk)
    asked = [Route(f"{BASE}{path}", _served(door, one), methods=["GET"]) for path, one in ASKED.items()]
    sent = [Route(f"{BASE}{path}", _served(door, one), methods=["POST"]) for path, one in SENT.items()]
    wrong = [Route(f"{BASE}{path}", _served(door, _wrong_method), methods=METHODS) for path in ASKED | SENT]
    rest = [Route(path, _served(door, _nowhere), methods=METHODS) for path in (BASE, BASE + "/{rest:path}")]
    return [*asked, *sent, *wrong, *rest]


def _served(door: Door, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return await door.serve(request, endpoint)

    return serve


async def _wrong_method(door: Door, request: Request, partner: Partner) -> Response:
    allowed = "GET" if request.url.path.removeprefix(BASE) in ASKED else "POST"
    return answer(Code.INVALID_REQUEST, f"use {allowed}", status=405, headers={"allow": allowed})


async def _nowhere(door: Door, request: Request, partner: Partner) -> Response:
    return answer(Code.NOT_FOUND)
