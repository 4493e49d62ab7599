"""Refusing a case on its page: with a reason from a list, and only as it was read."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.vocabulary import RefusalReason
from triage.cases.disposition import AlreadyClosed, MoreReports
from triage.cases.refusing import CannotRefuse, refuse_case
from triage.console.case import CONFLICT, NOT_RECORDED, case_id, case_page, read, seen_in
from triage.console.desk import desk_of
from triage.console.forms import Fields, Problem, with_form
from triage.console.visit import person_of


@with_form("refusal", "seen")
def refuse(request: Request, fields: Fields) -> Response:
    """Give the case to whom the rules choose next; then it is in this agency's queue no longer."""
    desk, person, language = desk_of(request), person_of(request), desk_of(request).language(request)
    if fields.get("refusal") not in set(RefusalReason):
        problem = Problem("refusal", language.gettext("Choose why your agency does not take this case."))
        return case_page(request, read(request), NOT_RECORDED, fields, [problem])
    try:
        with desk.transaction(person) as session:
            reason = RefusalReason(fields["refusal"])
            refuse_case(session, desk.keys, person, case_id(request), reason, seen_in(fields))
    except MoreReports:
        message = language.gettext("A new report came in while you were reading. Read it, then decide.")
        return case_page(request, read(request), CONFLICT, fields, [Problem("reports", message)])
    except (AlreadyClosed, CannotRefuse):
        message = language.gettext("This case cannot be refused. It stays with your agency.")
        return case_page(request, read(request), CONFLICT, fields, [Problem("why", message)])
    return RedirectResponse("/", 303)
