"""Asking a provider to remove links of a case: choose, look at what will be sent and to whom, then send."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.errors import KeysMissing
from core.ids import uuid7
from core.models import Provider
from core.vocabulary import Offence
from core.web.locale import Language
from triage.cases.person import Person
from triage.cases.reading import OpenedCase
from triage.console.case import NOT_RECORDED, case_id, read
from triage.console.contacts import CONTACT, Contact, chosen_contact, contact_id, find_contact_problems
from triage.console.desk import desk_of
from triage.console.forms import Fields, Problem, with_form
from triage.console.takedowns import as_id
from triage.console.visit import person_of
from triage.takedowns.asking import WHY_LIMIT, NoSuchProvider, Removal, ask_removal
from triage.takedowns.case_links import CaseLinks, case_links
from triage.takedowns.links import MOST_LINKS, Link
from triage.takedowns.providers import known_providers, suggested

LINKS = [f"link-{number}" for number in range(MOST_LINKS)]
FIELDS = ("go", "removal_id", "provider", *CONTACT, "offence", *LINKS)
KEPT = ("provider", *CONTACT, "offence", *LINKS, "illegal_why")
NOTHING = dict.fromkeys(("links", "provider", *CONTACT, "offence", "illegal_why"), "")


def show_ask(request: Request) -> Response:
    """The links of the reports of one page, and the providers that are known."""
    return _ask_page(request, read(request))


@with_form(*FIELDS)
def ask(request: Request, fields: Fields) -> Response:
    """Show what will be sent; send it when that was seen; or show the form again with what is wrong."""
    desk, person, opened = desk_of(request), person_of(request), read(request)
    if fields.get("go") == "change":
        return _ask_page(request, opened, typed=fields)
    with desk.transaction(person) as session:
        links = case_links(session, desk.keys, person, opened)
        problems = _find_problems(session, person, fields, links, desk.language(request))
        contact = None if problems else chosen_contact(session, person, fields)
    if contact is None:
        return _ask_page(request, opened, NOT_RECORDED, fields, problems)
    if fields.get("go") != "send":
        return _check_page(request, opened, fields, _chosen(fields, links), contact)
    try:
        with desk.transaction(person) as session:
            _send(session, request, fields, _chosen(fields, links))
    except (KeysMissing, NoSuchProvider):
        message = desk.language(request).gettext("This could not be prepared. Nothing was sent.")
        return _ask_page(request, opened, NOT_RECORDED, fields, [Problem("provider", message)])
    return RedirectResponse(f"/cases/{case_id(request)}#takedown", 303)


def _send(session: Session, request: Request, fields: Fields, links: Sequence[Link]) -> None:
    desk, person = desk_of(request), person_of(request)
    id, why = as_id(fields.get("removal_id", "")), fields["illegal_why"].strip()
    removal = Removal(id, links, contact_id(session, person, fields), Offence(fields["offence"]), why)
    ask_removal(session, desk.keys, person, case_id(request), removal)


def _find_problems(
    session: Session, person: Person, fields: Fields, links: CaseLinks, language: Language
) -> list[Problem]:
    """What keeps these fields from being a notice, in the order of the page."""
    problems, why = [], fields.get("illegal_why", "").strip()
    if not _chosen(fields, links):
        problems.append(Problem("links", language.gettext("Tick at least one link.")))
    problems += find_contact_problems(session, person, fields, language)
    if fields.get("offence") not in set(Offence):
        problems.append(Problem("offence", language.gettext("Choose why it is illegal.")))
    if not why:
        problems.append(Problem("illegal_why", language.gettext("Write why it is illegal, so that they can see it.")))
    if len(why) > WHY_LIMIT:
        sentence = language.gettext("This has %(length)s characters and %(limit)s fit here. Make it shorter.")
        numbers = {"length": language.number(len(why)), "limit": language.number(WHY_LIMIT)}
        problems.append(Problem("illegal_why", sentence % numbers))
    return problems


def _chosen(fields: Fields, links: CaseLinks) -> Sequence[Link]:
    """Those that were ticked; when it is sent, also those asked for meanwhile: they are not asked for twice."""
    ticked = {fields[name] for name in LINKS if name in fields}
    every = [one.link for one in links.links if one.link] if fields.get("go") == "send" else links.free
    return [link for link in every if link.mark.hex() in ticked]


def _ask_page(
    request: Request,
    opened: OpenedCase,
    status: int = 200,
    typed: Fields | None = None,
    problems: Sequence[Problem] = (),
) -> Response:
    desk, person = desk_of(request), person_of(request)
    with desk.transaction(person) as session:
        links = case_links(session, desk.keys, person, opened)
        providers = known_providers(session, person.agency)
    guesses = {link.mark: suggested(providers, link.host) for link in links.free}
    given = NOTHING | {"provider": _only(guesses.values())} | dict(typed or {})
    ticked = {given[name] for name in LINKS if name in given}
    return desk.page(
        request,
        "removal.html",
        status,
        opened=opened,
        case=opened.case,
        links=links,
        guesses=guesses,
        providers=providers,
        ticked=ticked,
        typed=given,
        settings=desk.settings,
        problems=problems,
        errors=NOTHING | {problem.field: problem.message for problem in problems},
    )


def _only(guesses: Iterable[Provider | None]) -> str:
    """The one provider that every link points to, if there is one."""
    found = set(guesses)
    ids = {str(one.id) for one in found if one}
    return ids.pop() if len(found) == len(ids) == 1 else ""


def _check_page(
    request: Request, opened: OpenedCase, fields: Fields, links: Sequence[Link], contact: Contact
) -> Response:
    kept = {name: fields[name] for name in KEPT if fields.get(name)}
    return desk_of(request).page(
        request,
        "removal_check.html",
        opened=opened,
        case=opened.case,
        links=links,
        contact=contact,
        offence=Offence(fields["offence"]),
        why=fields["illegal_why"].strip(),
        kept=kept,
        removal_id=uuid7(),
        settings=desk_of(request).settings,
    )
