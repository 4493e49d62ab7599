"""The report form: what was typed in, a submission or problems out. No web, no storage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Self

from core.countries import CODES
from core.vocabulary import Danger
from core.web.locale import Language
from intake.submission import Submission

LIMITS = {"what": 100_000, "link": 2_000, "contact": 500}
DANGER = frozenset(Danger) - {Danger.UNSAID}
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Answers:
    """The fields as they were typed; they go back onto the page unchanged."""

    country: str = ""
    danger: str = ""
    what: str = ""
    link: str = ""
    contact: str = ""
    token: str = ""

    @classmethod
    def from_fields(cls, sent: Mapping[str, str]) -> Self:
        return cls(**{name: sent[name] for name in FIELDS if name in sent})


FIELDS = tuple(field.name for field in fields(Answers))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the id it links to, the words, and the status that says it to machines."""

    field: str
    message: str
    status: int = UNPROCESSABLE


def find_problems(answers: Answers, language: Language) -> list[Problem]:
    """What keeps these answers from being a report, in the order of the page."""
    return [*_unknown_choices(answers, language), *_nothing_told(answers, language), *_too_long(answers, language)]


def to_submission(answers: Answers, language: Language) -> Submission:
    """Answers without problems, as a report."""
    return Submission(
        language=language.code,
        country=answers.country.strip() or None,
        danger=Danger(answers.danger or Danger.UNSAID),
        what=answers.what.strip(),
        link=" ".join(answers.link.split()),
        contact=answers.contact.strip(),
    )


def _unknown_choices(answers: Answers, language: Language) -> Iterator[Problem]:
    if answers.country.strip() and answers.country.strip() not in CODES:
        yield Problem("country", language.gettext("Choose a country from the list, or “I'd rather not say”."))
    if answers.danger and answers.danger not in DANGER:
        yield Problem("danger", language.gettext("Choose one of the three answers, or none of them."))


def _nothing_told(answers: Answers, language: Language) -> Iterator[Problem]:
    if not answers.what.strip() and not answers.link.strip():
        yield Problem("what", language.gettext("Tell us what happened, or give us a link. One of the two is enough."))


def _too_long(answers: Answers, language: Language) -> Iterator[Problem]:
    for field, limit in LIMITS.items():
        length = len(getattr(answers, field).strip())
        if length > limit:
            numbers = {"length": length, "limit": limit, "over": length - limit}
            sentence = _too_long_sentence(field, length - limit, language)
            yield Problem(field, sentence % {name: language.number(value) for name, value in numbers.items()})


def _too_long_sentence(field: str, over: int, language: Language) -> str:
    if field == "what":
        return language.ngettext(
            "What you wrote is too long: it has %(length)s characters and %(limit)s fit here. "
            "Take out %(over)s character.",
            "What you wrote is too long: it has %(length)s characters and %(limit)s fit here. "
            "Take out %(over)s characters.",
            over,
        )
    if field == "link":
        return language.ngettext(
            "The link is too long: it has %(length)s characters and %(limit)s fit here. Take out %(over)s character.",
            "The link is too long: it has %(length)s characters and %(limit)s fit here. Take out %(over)s characters.",
            over,
        )
    return language.ngettext(
        "The way to reach you is too long: it has %(length)s characters and %(limit)s fit here. "
        "Take out %(over)s character.",
        "The way to reach you is too long: it has %(length)s characters and %(limit)s fit here. "
        "Take out %(over)s characters.",
        over,
    )
