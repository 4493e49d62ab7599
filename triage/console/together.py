"""Merging a case into another, taking reports out of it, and undoing the last of these: forms of the case page."""

from collections.abc import Sequence
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.web.locale import Language
from triage.cases.disposition import REASON_LIMIT
from triage.cases.opening import PAGE
from triage.cases.reading import NoSuchCase
from triage.cases.regrouping import (
    CannotRegroup,
    ChangedSince,
    NotAllHeld,
    NothingLeft,
    OtherCaseClosed,
    case_by_reference,
    merge,
    split,
    undo,
)
from triage.console.case import CONFLICT, NOT_RECORDED, case_id, case_page, read, to_page
from triage.console.desk import desk_of
from triage.console.forms import Fields, Problem, with_form
from triage.console.visit import person_of

TAKEN = [f"take-{number}" for number in range(PAGE)]


@with_form("into")
def merge_case(request: Request, fields: Fields) -> Response:
    """Move all its reports into the case that is named; the page of that one follows."""
    desk, person, language = desk_of(request), person_of(request), desk_of(request).language(request)
    problems = _find_problems(fields, "merge_why", language)
    if problems:
        return case_page(request, read(request), NOT_RECORDED, fields, problems)
    try:
        with desk.transaction(person) as session:
            into = case_by_reference(session, person.agency, fields.get("into", ""))
            merge(session, person, case_id(request), into, fields["merge_why"].strip())
    except NoSuchCase:
        message = language.gettext("Your agency has no case with this reference.")
        return case_page(request, read(request), NOT_RECORDED, fields, [Problem("into", message)])
    except CannotRegroup as error:
        return case_page(request, read(request), CONFLICT, fields, [Problem("into", explained(error, language))])
    return RedirectResponse(f"/cases/{into}", 303)


@with_form(*TAKEN)
def split_case(request: Request, fields: Fields) -> Response:
    """Take the ticked reports out into a case of their own; its page follows."""
    desk, person, language = desk_of(request), person_of(request), desk_of(request).language(request)
    problems = _find_problems(fields, "split_why", language)
    if problems:
        return case_page(request, read(request), NOT_RECORDED, fields, problems)
    try:
        with desk.transaction(person) as session:
            fresh = split(session, person, case_id(request), taken(fields), fields["split_why"].strip())
    except CannotRegroup as error:
        return case_page(request, read(request), CONFLICT, fields, [Problem("split", explained(error, language))])
    return RedirectResponse(f"/cases/{fresh}", 303)


@with_form("record")
def undo_last(request: Request, fields: Fields) -> Response:
    """Move back what was moved last."""
    desk, person, language = desk_of(request), person_of(request), desk_of(request).language(request)
    problems = _find_problems(fields, "undo_why", language)
    record = as_ids([fields.get("record", "")])
    if problems or not record:
        return case_page(request, read(request), NOT_RECORDED, fields, problems)
    try:
        with desk.transaction(person) as session:
            undo(session, person, record[0], fields["undo_why"].strip())
    except CannotRegroup as error:
        return case_page(request, read(request), CONFLICT, fields, [Problem("together", explained(error, language))])
    return to_page(request)


def taken(fields: Fields) -> list[UUID]:
    """The ticked reports."""
    return as_ids([fields[name] for name in TAKEN if name in fields])


def as_ids(written: Sequence[str]) -> list[UUID]:
    """Those that are ids at all."""
    found = []
    for each in written:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found


def explained(error: CannotRegroup, language: Language) -> str:
    """Why it was not done, and what would help."""
    return {
        OtherCaseClosed: language.gettext("That case is closed, and this one is open: its reports would be hidden."),
        NotAllHeld: language.gettext("Your agency holds no key to some reports of this case. Nothing was moved."),
        NothingLeft: language.gettext("Tick at least one report, and leave at least one reporter in this case."),
        ChangedSince: language.gettext("These cases have changed since. Nothing was moved."),
    }.get(type(error), language.gettext("A case cannot be merged into itself or into one that was merged already."))


def _find_problems(fields: Fields, name: str, language: Language) -> list[Problem]:
    reason = fields.get(name, "").strip()
    if not reason:
        return [Problem(name, language.gettext("Write why. A short sentence is enough."))]
    if len(reason) > REASON_LIMIT:
        sentence = language.gettext("The reason has %(length)s characters and %(limit)s fit here. Make it shorter.")
        numbers = {"length": language.number(len(reason)), "limit": language.number(REASON_LIMIT)}
        return [Problem(name, sentence % numbers)]
    return []
