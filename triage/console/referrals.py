"""The page of what is not delivered and what was handed over, sending again, and reading what was handed over."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from triage.console.access import LEADS, may
from triage.console.desk import desk_of
from triage.console.forms import Fields, with_form
from triage.console.visit import person_of
from triage.referrals.listing import read_received, received, resend, undelivered


def show_referrals(request: Request) -> Response:
    """Of the person's agency."""
    desk, person = desk_of(request), person_of(request)
    with desk.transaction(person) as session:
        red, handed = undelivered(session, person), received(session, person)
    return desk.page(request, "referrals.html", undelivered=red, received=handed, may_resend=may(person.role, LEADS))


def show_received(request: Request) -> Response:
    """One, opened."""
    desk = desk_of(request)
    opened = read_received(desk.engine, desk.keys, person_of(request), _id(request))
    return desk.page(request, "received.html", opened=opened)


@with_form()
def send_again(request: Request, _: Fields) -> Response:
    """Under the same number, so that the other side knows it when it has it already."""
    with desk_of(request).transaction(person_of(request)) as session:
        resend(session, person_of(request), _id(request))
    return RedirectResponse("/referrals", 303)


def _id(request: Request) -> UUID:
    referral: UUID = request.path_params["referral"]
    return referral
