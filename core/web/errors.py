"""Error pages in the reader's language. What went wrong inside is never told to anyone outside."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send

from core.log import raised
from core.web.responses import html
from core.web.templates import Pages

log = structlog.get_logger()


class ErrorPages:
    """The error pages of one face."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def handlers(self) -> dict[int | type[Exception], ExceptionHandler]:
        """What Starlette takes as `exception_handlers`."""
        return {HTTPException: self.refuse}

    async def refuse(self, request: Request, error: Exception) -> Response:
        status, headers = 500, None
        if isinstance(error, HTTPException):
            status, headers = error.status_code, error.headers
        return html(self.render(request.scope, status), status, headers)

    def render(self, scope: Scope, status: int) -> bytes:
        return self.pages.render(self.pages.language_of(scope), "error.html", status=status)


class LastResort:
    """ASGI middleware: the outermost edge, where an unexpected error ends in a page and one log line."""

    def __init__(self, app: ASGIApp, errors: ErrorPages) -> None:
        self.app = app
        self.errors = errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnect:
            return
        except Exception as error:
            log.error("unexpected_error", error=raised(error))
            if not started:
                await html(self.errors.render(scope, 500), 500)(scope, receive, send)
