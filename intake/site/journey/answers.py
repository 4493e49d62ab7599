"""The answers of a report: what was typed in, a submission or problems out. No web, no storage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Self

import msgspec

from core.countries import CODES
from core.details import Details
from core.vocabulary import About, Age, ContextState, Danger, Kept, Kind, Risk
from core.web.locale import Language
from intake.site.journey.added import Added
from intake.site.journey.place import Place
from intake.site.problems import Problem
from intake.submission import Submission

LIMITS = {"what": 100_000, "suspect": 5_000, "link": 2_000, "account": 500, "email": 500, "phone": 500, "safe": 500}
TICKED = "yes"
TELLING = ("what", "link", "account", "suspect")  # one of them is enough
CHOICES: Mapping[str, frozenset[StrEnum]] = {
    "danger": frozenset(Danger) - {Danger.UNSAID},
    "about": frozenset(About),
    "age": frozenset(Age),
    "kind": frozenset(Kind),
    "kept": frozenset(Kept),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """The fields as they were typed; they go back onto the page unchanged."""

    danger: str = ""
    country: str = ""
    about: str = ""
    age: str = ""
    kind: str = ""
    what: str = ""
    meet: str = ""
    threat: str = ""
    shared: str = ""
    known: str = ""
    link: str = ""
    account: str = ""
    suspect: str = ""
    kept: str = ""
    email: str = ""
    phone: str = ""
    safe: str = ""

    @classmethod
    def from_fields(cls, sent: Mapping[str, str]) -> Self:
        return cls(**{name: sent[name] for name in FIELDS if name in sent})

    @property
    def given(self) -> dict[str, str]:
        """What is not empty, by field."""
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    @property
    def tells(self) -> bool:
        """Whether there is anything to work with."""
        return any(getattr(self, name).strip() for name in TELLING)


FIELDS = tuple(field.name for field in fields(Answers))


def find_problems(answers: Answers, language: Language) -> list[Problem]:
    """What must be put right before these answers can be saved, in the order of the fields."""
    return [problem for name in FIELDS for problem in _problems_of(name, getattr(answers, name).strip(), language)]


def nothing_told(language: Language) -> Problem:
    """Everything is optional but one thing."""
    return Problem("what", language.gettext("Tell us what happened, or give us a link. One of the two is enough."))


def to_submission(answers: Answers, language: Language) -> Submission:
    """Answers without problems, as a report."""
    return Submission(
        language=language.code,
        country=answers.country.strip() or None,
        danger=Danger(answers.danger or Danger.UNSAID),
        what=answers.what.strip(),
        link=" ".join(answers.link.split()),
        contact="\n".join(way.strip() for way in (answers.email, answers.phone) if way.strip()),
        details=_to_details(answers),
    )


def in_place(told: Submission, place: Place, added: Added | None) -> Submission:
    """What was told there, with what an app adds to it."""
    if place.app is None:
        return told
    added = added.suspended() if added and not place.app.is_trusted else added
    details = told.details
    if added and added.tells:
        has_told = details.told or not added.context.is_empty
        details = msgspec.structs.replace(details, context=added.context, told=has_told)
    return replace(
        told,
        channel=place.channel,
        details=details,
        partner=place.app.id,
        context_state=added.state if added else ContextState.UNVERIFIED,
        context_id=added.id if added and added.state is ContextState.VERIFIED else None,
    )


def _to_details(answers: Answers) -> Details:
    return Details(
        about=About(answers.about) if answers.about else None,
        age=Age(answers.age) if answers.age else None,
        kind=Kind(answers.kind) if answers.kind else None,
        risks=tuple(risk for risk in Risk if getattr(answers, risk)),
        account=answers.account.strip(),
        suspect=answers.suspect.strip(),
        kept=Kept(answers.kept) if answers.kept else None,
        safe=answers.safe.strip(),
        told=answers.tells,
    )


def _problems_of(name: str, value: str, language: Language) -> Iterator[Problem]:
    if name == "country" and value and value not in CODES:
        yield Problem(name, language.gettext("Choose a country from the list, or “I'd rather not say”."))
    if name in CHOICES and value and value not in CHOICES[name]:
        yield Problem(name, language.gettext("Choose one of these answers, or none of them."))
    if name in LIMITS and len(value) > LIMITS[name]:
        yield Problem(name, _too_long(name, len(value), language))


def _too_long(name: str, length: int, language: Language) -> str:
    limit = LIMITS[name]
    numbers = {"length": length, "limit": limit, "over": length - limit}
    return _sentence(name, length - limit, language) % {word: language.number(value) for word, value in numbers.items()}


def _sentence(name: str, over: int, language: Language) -> str:
    if name == "link":
        return language.ngettext(
            "The link is too long: it has %(length)s characters and %(limit)s fit here. Take out %(over)s character.",
            "The link is too long: it has %(length)s characters and %(limit)s fit here. Take out %(over)s characters.",
            over,
        )
    if name in ("email", "phone"):
        return language.ngettext(
            "The way to reach you is too long: it has %(length)s characters and %(limit)s fit here. "
            "Take out %(over)s character.",
            "The way to reach you is too long: it has %(length)s characters and %(limit)s fit here. "
            "Take out %(over)s characters.",
            over,
        )
    return language.ngettext(
        "What you wrote is too long: it has %(length)s characters and %(limit)s fit here. Take out %(over)s character.",
        "What you wrote is too long: it has %(length)s characters and %(limit)s fit here. "
        "Take out %(over)s characters.",
        over,
    )
