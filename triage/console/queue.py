"""The queue page."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from triage.cases.clock import agencys_calendar
from triage.cases.quarantine import count_quarantined
from triage.cases.queue import COUNTED, Place, count_open, read_queue
from triage.console.desk import desk_of
from triage.console.visit import person_of
from triage.referrals.listing import count_undelivered
from triage.takedowns.listing import count_to_check


def show_queue(request: Request) -> Response:
    """One page of the person's agency's open cases; a link to no place goes to the start."""
    desk, person = desk_of(request), person_of(request)
    token = request.query_params.get("after", "")
    after = Place.from_token(token)
    if token and after is None:
        return RedirectResponse("/", 303)
    with desk.transaction(person) as session:
        page = read_queue(session, person.agency, after)
        count = count_open(session, person.agency)
        quarantined = count_quarantined(session, person)
        undelivered = count_undelivered(session, person)
        to_check = count_to_check(session, person)
        calendar, now = agencys_calendar(session, person.agency), datetime.now(UTC)
    return desk.page(
        request,
        "queue.html",
        cases=page.cases,
        next=page.next.to_token() if page.next else "",
        at_start=after is None,
        count=min(count, COUNTED),
        is_more=count > COUNTED,
        quarantined=quarantined,
        undelivered=undelivered,
        to_check=to_check,
        due={case.id: calendar.due(case, now) for case in page.cases},
        now=now,
    )
