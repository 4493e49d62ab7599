"""Referring a case to another agency."""

from collections.abc import Sequence
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.errors import CannotOpen, KeysMissing
from core.ids import uuid7
from core.web.locale import Language
from triage.cases.reading import find_case
from triage.console.desk import desk_of
from triage.console.forms import Fields, Problem, with_form
from triage.console.visit import person_of
from triage.referrals.making import NOTE_LIMIT, REASON_LIMIT, NotReferable, Wanted, refer
from triage.referrals.recipients import recipients, signposts

NOT_REFERRED = 422
NOTHING = {"to": "", "note": "", "reason": "", "with_contact": ""}


def show_refer(request: Request) -> Response:
    """Whom the case can go to; nothing of it is opened here."""
    return _page(request)


@with_form("to", "with_contact", "referral_id")
def refer_case(request: Request, fields: Fields) -> Response:
    """Send it on its way, or show the form again with all that was typed."""
    desk, person, language = desk_of(request), person_of(request), desk_of(request).language(request)
    problems = find_problems(fields, language)
    if problems:
        return _page(request, NOT_REFERRED, fields, problems)
    wanted = Wanted(
        id=_uuid(fields.get("referral_id", "")),
        to=_uuid(fields["to"]),
        reason=fields["reason"].strip(),
        note=fields.get("note", "").strip(),
        with_contact=fields.get("with_contact") == "yes",
    )
    try:
        with desk.transaction(person) as session:
            refer(session, desk.keys, person, _case_id(request), wanted)
    except NotReferable:
        message = language.gettext("This agency receives nothing from here. Choose another one.")
        return _page(request, NOT_REFERRED, fields, [Problem("to", message)])
    except (CannotOpen, KeysMissing):
        message = language.gettext("A report of this case does not open, so it cannot be passed on. Nothing was sent.")
        return _page(request, NOT_REFERRED, fields, [Problem("to", message)])
    return RedirectResponse(f"/cases/{_case_id(request)}#referrals", 303)


def find_problems(fields: Fields, language: Language) -> list[Problem]:
    """What keeps these fields from being a referral, in the order of the page."""
    problems, reason = [], fields.get("reason", "").strip()
    if not fields.get("to"):
        problems.append(Problem("to", language.gettext("Choose who should get it.")))
    if len(fields.get("note", "").strip()) > NOTE_LIMIT:
        problems.append(Problem("note", _too_long(language, fields["note"], NOTE_LIMIT)))
    if not reason:
        problems.append(Problem("reason", language.gettext("Write why. A short sentence is enough.")))
    if len(reason) > REASON_LIMIT:
        problems.append(Problem("reason", _too_long(language, reason, REASON_LIMIT)))
    return problems


def _too_long(language: Language, text: str, limit: int) -> str:
    sentence = language.gettext("This has %(length)s characters and %(limit)s fit here. Make it shorter.")
    return sentence % {"length": language.number(len(text.strip())), "limit": language.number(limit)}


def _page(
    request: Request, status: int = 200, typed: Fields | None = None, problems: Sequence[Problem] = ()
) -> Response:
    desk, person = desk_of(request), person_of(request)
    with desk.transaction(person) as session:
        case = find_case(session, person.agency, _case_id(request))
        ready, others = recipients(session, person, case.country), signposts(session, case.country)
    return desk.page(
        request,
        "refer.html",
        status,
        case=case,
        recipients=ready,
        signposts=others,
        typed=NOTHING | dict(typed or {}),
        referral_id=uuid7(),
        problems=problems,
        errors=NOTHING | {problem.field: problem.message for problem in problems},
    )


def _case_id(request: Request) -> UUID:
    case: UUID = request.path_params["case"]
    return case


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise HTTPException(400) from None
