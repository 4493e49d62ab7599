"""What the console says when it does not do what it was asked."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from core.errors import DatabaseDown
from core.web.errors import ErrorPages
from core.web.templates import Pages
from triage.cases.quarantine import NotQuarantined
from triage.cases.reading import NoSuchCase
from triage.console.desk import Desk
from triage.console.forms import StaleForm

STATUS: dict[type[Exception], int] = {DatabaseDown: 503, NoSuchCase: 404, NotQuarantined: 404, StaleForm: 403}
...
