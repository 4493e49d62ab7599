"""The door: logging in, logging out."""

from functools import partial

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core import audit
from core.vocabulary import Act
from triage.console import cookies, sessions
from triage.console.desk import desk_of
from triage.console.forms import TOKEN, Fields, fields_of, with_form
from triage.console.login import Try, log_in
from triage.console.visit import Visit, form_token, is_form_token

LEAST_SECONDS = 0.5  # no refusal is faster: how long one took tells nothing
MOST_WAITING = 50
TYPED = ("login", "password", "code")
FORGET = {"clear-site-data": '"cache", "cookies", "storage"'}


def show_login(request: Request) -> Response:
    """The form, tied to a cookie of its own: a log-in cannot be started from another site."""
    return _form(request, "left" if "left" in request.query_params else "")


async def take_login(request: Request) -> Response:
    """A new session, or the one refusal. Tries wait for their turn outside the thread pool."""
    desk, started = desk_of(request), anyio.current_time()
    fields = await fields_of(request, *TYPED)
    if not is_form_token(cookies.read(request, cookies.DOOR, desk.settings.https), fields.get(TOKEN, "")):
        return _form(request, "stale", 403, fields)
    if desk.hashing.statistics().tasks_waiting >= MOST_WAITING:
        return _form(request, "busy", 503, fields)
    login, password, code = (fields.get(name, "") for name in TYPED)
    typed = Try(login, password, code, cookies.read(request, cookies.SESSION, desk.settings.https))
    tried = partial(log_in, desk.engine, desk.keys, desk.settings, typed)
    token = await anyio.to_thread.run_sync(tried, limiter=desk.hashing)
    if token is None:
        await anyio.sleep_until(started + LEAST_SECONDS)
        return _form(request, "refused", 403, fields)
    return _let_in(request, token)


@with_form()
def leave(request: Request, _: Fields) -> Response:
    """End the session and have the browser forget everything of ours."""
    desk, visit = desk_of(request), Visit.of(request)
    assert visit
    with desk.transaction(visit.person) as session:
        sessions.end(session, visit.token)
        audit.record(session, visit.person.agency, visit.person.id, Act.LOGGED_OUT, visit.person.id)
    answer = RedirectResponse("/login?left", 303, FORGET)
    cookies.take_back(answer, cookies.SESSION, desk.settings.https)
    return answer


def _form(request: Request, notice: str, status: int = 200, typed: Fields | None = None) -> Response:
    """`notice` is "", "left", "refused", "stale" or "busy". A password is never sent back."""
    https = desk_of(request).settings.https
    door = cookies.read(request, cookies.DOOR, https)
    secret = door or sessions.new_token()
    login = (typed or {}).get("login", "")
    answer = desk_of(request).page(request, "login.html", status, notice=notice, login=login, token=form_token(secret))
    if door is None:
        cookies.give(answer, cookies.DOOR, secret, https)
    return answer


def _let_in(request: Request, token: str) -> Response:
    https = desk_of(request).settings.https
    answer = RedirectResponse("/", 303)
    cookies.give(answer, cookies.SESSION, token, https)
    cookies.take_back(answer, cookies.DOOR, https)
    return answer
