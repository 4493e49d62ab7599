"""Who is asked to remove a link: a provider that is known, or one that staff write down."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import WrongWay
from core.vocabulary import By
from core.web.locale import Language
from triage.cases.person import Person
from triage.console.forms import Fields, Problem
from triage.console.takedowns import as_id
from triage.takedowns.asking import NoSuchProvider, find_provider
from triage.takedowns.providers import LONGEST_NAME, add_contact, by_of_provider, check_name, contact_of

NEW = "new"
CONTACT = ("provider_name", "provider_to", "provider_key")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is written to: where, and how."""

    name: str
    way: dict[str, object]
    by: By


def find_contact_problems(session: Session, person: Person, fields: Fields, language: Language) -> list[Problem]:
    """What keeps these fields from being somebody who can be written to."""
    chosen = fields.get("provider", "")
    if chosen == NEW:
        return _find_new_problems(fields, language)
    try:
        if chosen:
            find_provider(session, person, as_id(chosen))
            return []
    except NoSuchProvider:
        pass
    return [Problem("provider", language.gettext("Choose who is to remove it."))]


def _find_new_problems(fields: Fields, language: Language) -> list[Problem]:
    problems = []
    try:
        check_name(fields.get("provider_name", ""))
    except WrongWay:
        sentence = language.gettext("Write the provider’s name, in at most %(limit)s characters.")
        problems.append(Problem("provider_name", sentence % {"limit": language.number(LONGEST_NAME)}))
    try:
        contact_of(fields.get("provider_to", "").strip(), "")
    except WrongWay:
        message = language.gettext("Write one e-mail address, such as abuse@host.example.")
        return [*problems, Problem("provider_to", message)]
    try:
        contact_of(fields["provider_to"].strip(), fields.get("provider_key", "").strip())
    except WrongWay:
        message = language.gettext("This is no key. One begins with age1; leave it empty if there is none.")
        problems.append(Problem("provider_key", message))
    return problems


def chosen_contact(session: Session, person: Person, fields: Fields) -> Contact:
    """Raises NoSuchProvider, WrongWay."""
    if fields["provider"] != NEW:
        found = find_provider(session, person, as_id(fields["provider"]))
        return Contact(found.name, found.way, by_of_provider(found))
    way = contact_of(fields["provider_to"].strip(), fields.get("provider_key", "").strip())
    return Contact(check_name(fields["provider_name"]), {"to": way.to}, way.by)


def contact_id(session: Session, person: Person, fields: Fields) -> UUID:
    """Whose number it is; a new one is added. Raises WrongWay."""
    if fields["provider"] != NEW:
        return as_id(fields["provider"])
    way = contact_of(fields["provider_to"].strip(), fields.get("provider_key", "").strip())
    return add_contact(session, person, fields["provider_name"], way).id
