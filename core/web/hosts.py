"""Only the names this deployment answers to; a forged `Host` gets a plain refusal."""

from collections.abc import Set

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class KnownHost:
    """ASGI middleware. `names` have no port; `[::1]` is written `::1`."""

    def __init__(self, app: ASGIApp, names: Set[str]) -> None:
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and host_of(scope) not in self.names:
            refusal = PlainTextResponse("400 Bad Request: this server does not answer to that name.\n", 400)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)


def host_of(scope: Scope) -> str | None:
    """The one host name the request is for, lower case, without port; None if none or several."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    if len(given) != 1:
        return None
    host: str = given[0].decode("latin-1").lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")
