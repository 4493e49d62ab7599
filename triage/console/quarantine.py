"""The quarantine page: reports that need a person before they can become cases."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from triage.cases.quarantine import list_quarantined, release
from triage.console.access import LEADS, may
from triage.console.desk import desk_of
from triage.console.forms import Fields, with_form
from triage.console.visit import person_of


def show_quarantine(request: Request) -> Response:
    """The home agency's page; to others there is no such page."""
    desk, person = desk_of(request), person_of(request)
    if not person.at_home:
        raise HTTPException(404)
    with desk.transaction(person) as session:
        reports = list_quarantined(session, person)
    return desk.page(request, "quarantine.html", reports=reports, may_release=may(person.role, LEADS))


@with_form()
def release_report(request: Request, _: Fields) -> Response:
    """Let triage try one report again."""
    person, report = person_of(request), request.path_params["report"]
    assert isinstance(report, UUID)
    with desk_of(request).transaction(person) as session:
        release(session, person, report)
    return RedirectResponse("/quarantine", 303)
