"""The two cookies: `session` for who is logged in, `door` for the log-in form alone.

With https their names start with `__Host-` and they are `Secure`: no other host or path can set
them, and they never travel in the clear. A browser refuses both over plain http, which the console
speaks on loopback only; there they are `session` and `door`. Neither has a date: both are gone when
the browser is closed. SameSite=Strict keeps them from every request another site starts.
"""

from starlette.requests import Request
from starlette.responses import Response

SESSION = "session"
DOOR = "door"


def give(response: Response, kind: str, token: str, https: bool) -> None:
    response.set_cookie(_name(kind, https), token, path="/", secure=https, httponly=True, samesite="strict")


def take_back(response: Response, kind: str, https: bool) -> None:
    response.delete_cookie(_name(kind, https), path="/", secure=https, httponly=True, samesite="strict")


def read(request: Request, kind: str, https: bool) -> str | None:
    return request.cookies.get(_name(kind, https)) or None


def _name(kind: str, https: bool) -> str:
    return f"__Host-{kind}" if https else kind
