"""What the console says when it does not do what it was asked."""

from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from core.errors import DatabaseDown
from triage.alarms.calling import NoSuchAlarm
from triage.cases.quarantine import NotQuarantined
from triage.cases.reading import NoSuchCase
from triage.console.desk import desk_of
from triage.console.forms import StaleForm
from triage.referrals.listing import NoSuchReferral
from triage.takedowns.marking import NoSuchTakedown

STATUS: dict[type[Exception], int] = {
    DatabaseDown: 503,
    NoConnectionFree: 503,
    NoSuchCase: 404,
    NoSuchAlarm: 404,
    NotQuarantined: 404,
    NoSuchReferral: 404,
    NoSuchTakedown: 404,
}
STALE = 403


async def refuse(request: Request, error: Exception) -> Response:
    """The page for an error that can be explained; it tells nothing of what went wrong inside."""
    if isinstance(error, StaleForm):
        return give_back(request, error.words)
    status = error.status_code if isinstance(error, HTTPException) else STATUS[type(error)]
    answer = desk_of(request).page(request, "error.html", status)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def give_back(request: Request, words: str) -> Response:
    """A form that was not taken, because it is of another session: nothing written on it is lost."""
    return desk_of(request).page(request, "stale.html", STALE, written=words)


HANDLERS: dict[int | type[Exception], ExceptionHandler] = dict.fromkeys((HTTPException, StaleForm, *STATUS), refuse)
