"""The queue page: all of an agency's open cases, or with `?queue=` those that a rule put there."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from triage.alarms.calling import count_calling
from triage.cases.clock import agencys_calendar
from triage.cases.quarantine import count_quarantined
from triage.cases.queue import COUNTED, Place, count_open, list_queues, read_queue
from triage.console.desk import desk_of
from triage.console.visit import person_of
from triage.referrals.listing import count_undelivered
from triage.routing.statements import NAME
from triage.takedowns.listing import count_to_check


def show_queue(request: Request) -> Response:
    """One page of the person's agency's open cases; a link to no place, or no queue, goes to the start."""
    desk, person = desk_of(request), person_of(request)
    token, asked = request.query_params.get("after", ""), request.query_params.get("queue")
    after, queue = Place.from_token(token), asked.lower() if asked else None
    if (token and after is None) or (queue and not NAME.fullmatch(queue)):
        return RedirectResponse("/", 303)
    with desk.transaction(person) as session:
        page = read_queue(session, person.agency, after, queue=queue)
        count = count_open(session, person.agency, queue=queue)
        queues = list_queues(session, person.agency)
        quarantined = count_quarantined(session, person)
        undelivered, calling = count_undelivered(session, person), count_calling(session, person)
        to_check = count_to_check(session, person)
        calendar, now = agencys_calendar(session, person.agency), datetime.now(UTC)
    return desk.page(
        request,
        "queue.html",
        cases=page.cases,
        next=_path(queue, page.next) if page.next else "",
        start=_path(queue),
        at_start=after is None,
        queue=queue,
        queues=[(name, _path(name)) for name in queues],
        count=min(count, COUNTED),
        is_more=count > COUNTED,
        quarantined=quarantined,
        undelivered=undelivered,
        to_check=to_check,
        calling=calling,
        due={case.id: calendar.due(case, now) for case in page.cases},
        now=now,
    )


def _path(queue: str | None, after: Place | None = None) -> str:
    said = {"queue": queue, "after": after.to_token() if after else None}
    words = urlencode({name: value for name, value in said.items() if value})
    return f"/?{words}" if words else "/"
