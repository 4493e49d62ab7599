"""The case page, answering the reporter, and recording how the case ended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.ids import uuid7
from core.models import Case
from core.vocabulary import CaseState, Disposition
from core.web.locale import Language
from triage.cases.answering import ANSWER_LIMIT, EVERYBODY, To, answer_reporter
from triage.cases.clock import agencys_calendar, start_clock, stop_clock
from triage.cases.disposition import REASON_LIMIT, AlreadyClosed, MoreReports, record_disposition
from triage.cases.person import Person
from triage.cases.reading import OpenedCase, read_case
from triage.console.access import LEADS, may
from triage.console.desk import desk_of
from triage.console.forms import Fields, Problem, with_form
from triage.console.visit import person_of
from triage.referrals.listing import of_case
from triage.takedowns.case_links import case_links

NOT_RECORDED, CONFLICT = 422, 409
NOTHING = dict.fromkeys(
    (
        *("disposition", "reason", "answer", "to", "refusal", "into", "merge_why", "split", "split_why", "undo_why"),
        "takedown_mark",
    ),
    "",
)


def show_case(request: Request) -> Response:
    """The case with its sealed fields opened, once the audit trail knows."""
    return case_page(request, read(request))


@with_form("disposition", "seen")
def close_case(request: Request, fields: Fields) -> Response:
    """Record how the case ended, or show the form again with all that was typed."""
    desk, person, language = desk_of(request), person_of(request), desk_of(request).language(request)
    problems = find_problems(fields, language)
    if problems:
        return case_page(request, read(request), NOT_RECORDED, fields, problems)
    chosen, reason = Disposition(fields["disposition"]), fields["reason"].strip()
    try:
        with desk.transaction(person) as session:
            record_disposition(session, person, case_id(request), chosen, reason, seen_in(fields))
    except MoreReports:
        message = language.gettext("A new report came in while you were reading. Read it, then decide.")
        return case_page(request, read(request), CONFLICT, fields, [Problem("reports", message)])
    except AlreadyClosed:
        return _already_closed(request, fields)
    return to_page(request)


@with_form("answer_id", "to")
def answer_case(request: Request, fields: Fields) -> Response:
    """Send the words to the reporter's mailbox, or show them again with what is wrong."""
    desk, person = desk_of(request), person_of(request)
    problems = find_answer_problems(fields, desk.language(request))
    if problems:
        return case_page(request, read(request), NOT_RECORDED, fields, problems)
    try:
        answer_id = UUID(fields.get("answer_id", ""))
    except ValueError:
        raise HTTPException(400) from None
    with desk.transaction(person) as session:
        answer_reporter(session, person, case_id(request), answer_id, fields["answer"].strip(), _to(fields))
    return to_page(request)


@with_form()
def pause_deadline(request: Request, _: Fields) -> Response:
    """While the case waits for somebody outside."""
    with desk_of(request).transaction(person_of(request)) as session:
        stop_clock(session, person_of(request), case_id(request))
    return to_page(request)


@with_form()
def resume_deadline(request: Request, _: Fields) -> Response:
    with desk_of(request).transaction(person_of(request)) as session:
        start_clock(session, person_of(request), case_id(request))
    return to_page(request)


def find_answer_problems(fields: Fields, language: Language) -> list[Problem]:
    """What keeps these fields from being an answer."""
    answer = fields.get("answer", "").strip()
    if not answer:
        return [Problem("answer", language.gettext("Write what you want to tell or ask the reporter."))]
    if len(answer) > ANSWER_LIMIT:
        sentence = language.gettext("The answer has %(length)s characters and %(limit)s fit here. Make it shorter.")
        numbers = {"length": language.number(len(answer)), "limit": language.number(ANSWER_LIMIT)}
        return [Problem("answer", sentence % numbers)]
    return []


def find_problems(fields: Fields, language: Language) -> list[Problem]:
    """What keeps these fields from being a disposition, in the order of the page."""
    problems, reason = [], fields.get("reason", "").strip()
    if fields.get("disposition") not in set(Disposition):
        problems.append(Problem("disposition", language.gettext("Choose how the case ended.")))
    if not reason:
        problems.append(Problem("reason", language.gettext("Write why. A short sentence is enough.")))
    if len(reason) > REASON_LIMIT:
        sentence = language.gettext("The reason has %(length)s characters and %(limit)s fit here. Make it shorter.")
        numbers = {"length": language.number(len(reason)), "limit": language.number(REASON_LIMIT)}
        problems.append(Problem("reason", sentence % numbers))
    return problems


def _already_closed(request: Request, fields: Fields) -> Response:
    """Somebody was faster. If it was this person, pressing the button twice, all is well."""
    opened = read(request)
    mine = (person_of(request).id, fields["disposition"], fields["reason"].strip())
    if any((last.staff_id, last.disposition, last.reason) == mine for last in opened.dispositions[-1:]):
        return to_page(request)
    message = desk_of(request).language(request).gettext("This case is closed already. Your decision was not recorded.")
    return case_page(request, opened, CONFLICT, fields, [Problem("decisions", message)])


def case_page(
    request: Request,
    opened: OpenedCase,
    status: int = 200,
    typed: Fields | None = None,
    problems: Sequence[Problem] = (),
) -> Response:
    """The case page, with what was typed on it and what is wrong with that."""
    desk, person, now = desk_of(request), person_of(request), datetime.now(UTC)
    with desk.transaction(person) as session:
        sent = of_case(session, person, opened.case.id)
        links = case_links(session, desk.keys, person, opened)
        due = agencys_calendar(session, person.agency).due(opened.case, now)
    return desk.page(
        request,
        "case.html",
        status,
        opened=opened,
        case=opened.case,
        sent=sent,
        links=links,
        settings=desk.settings,
        due=due,
        now=now,
        typed=NOTHING | dict(typed or {}),
        answer_id=uuid7(),
        problems=problems,
        may_refuse=may_refuse(person_of(request), opened.case),
        errors=NOTHING | {problem.field: problem.message for problem in problems},
    )


def read(request: Request) -> OpenedCase:
    """The case that is asked for, opened. Raises NoSuchCase."""
    desk, page = desk_of(request), request.query_params.get("page", "")
    return read_case(desk.engine, desk.keys, person_of(request), case_id(request), _number(page) or 1)


def to_page(request: Request) -> Response:
    """Back to the case, with nothing to send again."""
    return RedirectResponse(f"/cases/{case_id(request)}", 303)


def may_refuse(person: Person, case: Case) -> bool:
    """The hotline itself cannot: it is where all ends."""
    return not person.at_home and case.state is CaseState.OPEN and may(person.role, LEADS)


def case_id(request: Request) -> UUID:
    case: UUID = request.path_params["case"]
    return case


def _to(fields: Fields) -> To:
    """Whom to answer. Raises HTTPException for nobody we know."""
    chosen = fields.get("to", "")
    try:
        return chosen if chosen == EVERYBODY else UUID(chosen) if chosen else None
    except ValueError:
        raise HTTPException(400) from None


def seen_in(fields: Fields) -> int | None:
    return _number(fields.get("seen", ""))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
