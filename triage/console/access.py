"""Who may call what: one table, and the gate that keeps it. What is not in the table is refused."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import DatabaseDown
from core.vocabulary import Role
from triage.console import cookies, sessions
from triage.console.desk import Desk
from triage.console.forms import is_same_origin, typed_words
from triage.console.refusals import give_back, refuse
from triage.console.visit import Visit

Allowed = frozenset[Role] | None
EVERYBODY: Allowed = None
STAFF: Allowed = frozenset(Role)
LEADS: Allowed = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})

SAFE = frozenset({"GET", "HEAD"})
ACCESS: Mapping[tuple[str, str], Allowed] = {
    ("GET", "/livez"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/static/{name}"): EVERYBODY,
    ("GET", "/login"): EVERYBODY,
    ("POST", "/login"): EVERYBODY,
    ("POST", "/logout"): STAFF,
    ("GET", "/"): STAFF,
    ("GET", "/cases/{case:uuid}"): STAFF,
    ("POST", "/cases/{case:uuid}/disposition"): STAFF,
    ("POST", "/cases/{case:uuid}/answer"): STAFF,
    ("POST", "/cases/{case:uuid}/refuse"): LEADS,
    ("GET", "/cases/{case:uuid}/refer"): STAFF,
    ("POST", "/cases/{case:uuid}/refer"): STAFF,
    ("POST", "/cases/{case:uuid}/pause"): STAFF,
    ("POST", "/cases/{case:uuid}/resume"): STAFF,
    ("GET", "/alarms"): STAFF,
    ("POST", "/alarms/{alarm:uuid}/take"): STAFF,
    ("GET", "/referrals"): STAFF,
    ("GET", "/referrals/{referral:uuid}"): STAFF,
    ("POST", "/referrals/{referral:uuid}/resend"): LEADS,
    ("POST", "/cases/{case:uuid}/merge"): STAFF,
    ("POST", "/cases/{case:uuid}/split"): STAFF,
    ("POST", "/cases/{case:uuid}/undo"): STAFF,
    ("GET", "/cases/{case:uuid}/takedown"): STAFF,
    ("POST", "/cases/{case:uuid}/takedown"): STAFF,
    ("POST", "/cases/{case:uuid}/takedown/mark"): STAFF,
    ("GET", "/takedowns"): STAFF,
    ("GET", "/quarantine"): STAFF,
    ("POST", "/quarantine/{report:uuid}/release"): LEADS,
}


def may(role: Role, allowed: Allowed) -> bool:
    return allowed is None or role in allowed


class Gate:
    """ASGI middleware around every route there is, however it came there."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _path_of(scope) if scope["type"] == "http" else None
        if path is None:
            await self.app(scope, receive, send)  # nothing is there: the router says so
            return
        request = Request(scope, receive)
        try:
            answer = await self._decide(request, path)
        except (HTTPException, DatabaseDown) as error:
            answer = await refuse(request, error)
        await (answer or self.app)(scope, receive, send)

    async def _decide(self, request: Request, path: str) -> Response | None:
        """None to let the request in, with its visit."""
        method = "GET" if request.method == "HEAD" else request.method
        if (method, path) not in ACCESS:
            raise HTTPException(403)
        if method not in SAFE and not is_same_origin(request, self.desk.settings.https):
            raise HTTPException(403)
        if ACCESS[method, path] is EVERYBODY:
            return None
        visit = await self._visit(request)
        if visit is None:
            return await self._turn_away(request)
        request.scope["visit"] = visit
        if not may(visit.person.role, ACCESS[method, path]):
            raise HTTPException(403)
        return None

    async def _visit(self, request: Request) -> Visit | None:
        token = cookies.read(request, cookies.SESSION, self.desk.settings.https)
        if token is None:
            return None
        person = await run_in_threadpool(sessions.whose, self.desk.engine, token, self.desk.settings)
        return Visit(person, token) if person else None

    async def _turn_away(self, request: Request) -> Response:
        """To the log-in; but what somebody wrote while their session ended is given back to them."""
        words = "" if request.method in SAFE else await typed_words(request)
        if words:
            return give_back(request, words)
        return RedirectResponse("/login", 303)


def _path_of(scope: Scope) -> str | None:
    """The path, as written in the table, of the route that will answer; None when none will."""
    for route in scope["app"].routes:
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return route.path if isinstance(route, Route) else ""
    return None
