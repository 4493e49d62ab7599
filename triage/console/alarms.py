"""The page of cases that are calling somebody, and the button of whoever has one."""

from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from triage.alarms.calling import list_calling, take_alarm
from triage.console.desk import desk_of
from triage.console.forms import Fields, with_form
from triage.console.visit import person_of


def show_alarms(request: Request) -> Response:
    """Of the person's agency, and of those it is called for. No case is opened here."""
    desk, person = desk_of(request), person_of(request)
    with desk.transaction(person) as session:
        calling = list_calling(session, person)
    return desk.page(request, "alarms.html", calling=calling, now=datetime.now(UTC))


@with_form()
def have_it(request: Request, _: Fields) -> Response:
    """One press, and nobody else is called for it."""
    person, alarm = person_of(request), request.path_params["alarm"]
    assert isinstance(alarm, UUID)
    with desk_of(request).transaction(person) as session:
        take_alarm(session, person, alarm)
    return RedirectResponse("/alarms", 303)
