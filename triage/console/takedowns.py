"""Takedowns in the console: what is still asked for, and what staff say became of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.vocabulary import TakedownMark
from triage.cases.reading import find_case
from triage.console.case import NOT_RECORDED, case_id, case_page, read
from triage.console.desk import desk_of
from triage.console.forms import Fields, Problem, with_form
from triage.console.visit import person_of
from triage.takedowns.links import MOST_LINKS
from triage.takedowns.listing import waiting
from triage.takedowns.marking import mark_takedowns

TICKED = [f"takedown-{number}" for number in range(MOST_LINKS)]


def show_takedowns(request: Request) -> Response:
    """Of the person's agency; no link is opened here."""
    desk, person = desk_of(request), person_of(request)
    with desk.transaction(person) as session:
        found = waiting(session, person)
    return desk.page(request, "takedowns.html", waiting=found, now=datetime.now(UTC))


@with_form("takedown_mark", *TICKED)
def mark(request: Request, fields: Fields) -> Response:
    """Of the ticked ones, or show the page again with what is missing."""
    desk, person, language = desk_of(request), person_of(request), desk_of(request).language(request)
    ticked, said = [fields[name] for name in TICKED if name in fields], fields.get("takedown_mark")
    if not ticked or said not in set(TakedownMark):
        message = language.gettext("Tick at least one link, and choose what you know of it.")
        return case_page(request, read(request), NOT_RECORDED, fields, [Problem("takedown_mark", message)])
    check = timedelta(hours=desk.settings.takedown_check_hours)
    with desk.transaction(person) as session:
        find_case(session, person.agency, case_id(request))
        mark_takedowns(session, person, [as_id(one) for one in ticked], TakedownMark(said), check)
    return RedirectResponse(f"/cases/{case_id(request)}#takedown", 303)


def as_id(text: str) -> UUID:
    """Raises HTTPException."""
    try:
        return UUID(text)
    except ValueError:
        raise HTTPException(400) from None
