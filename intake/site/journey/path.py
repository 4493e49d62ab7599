"""The order of the questions: set by who is asking, for a hotline needs the link first and a child does not."""

from collections.abc import Mapping, Sequence

from core.vocabulary import About, Danger
from intake.site.journey.answers import FIELDS, Answers

FIRST, LAST = "danger", "check"
ASKS: Mapping[str, Sequence[str]] = {
    "danger": ("danger",),
    "country": ("country",),
    "numbers": (),
    "about": ("about",),
    "age": ("age",),
    "kind": ("kind",),
    "what": ("what",),
    "risk": ("meet", "threat", "shared", "known"),
    "where": ("link", "account"),
    "suspect": ("suspect",),
    "kept": ("kept",),
    "contact": ("email", "phone", "safe"),
    "context": (),
    "check": (),
    "delete": (),
}
EARLY = ("danger", "country", "numbers")  # nothing comes before these
WHOLE = FIELDS  # a form with every field on it at once
PAGE_OF = {name: page for page, names in ASKS.items() for name in names}
MAYBE_DANGER = (Danger.YES, Danger.UNSURE)

A_CHILDS = ("age", "kind", "what", "risk", "where", "suspect", "kept")
ORDERS: Mapping[str, Sequence[str]] = {
    About.ME: A_CHILDS,
    About.MY_CHILD: A_CHILDS,
    About.A_CHILD: A_CHILDS,
    About.SEEN: ("where", "kind", "what"),
    About.WORK: ("what", "kind", "age", "risk", "where", "suspect", "kept"),
}
UNSAID = ("kind", "what", "risk", "where")


def pages(answers: Answers) -> Sequence[str]:
    """The pages this person is led through, from the first to the check of all answers."""
    numbers = ("numbers",) if answers.danger in MAYBE_DANGER else ()
    return (FIRST, "country", *numbers, "about", *ORDERS.get(answers.about, UNSAID), "contact", LAST)


def page_after(page: str, answers: Answers) -> str:
    """The next one; a country that was chosen before the journey began is not asked again."""
    way = pages(answers)
    following = way[way.index(page) + 1] if page in way[:-1] else LAST
    return page_after(following, answers) if following == "country" and answers.country else following


def page_before(page: str, answers: Answers) -> str:
    """The one before; the first has none and stays."""
    way = pages(answers)
    return way[max(way.index(page) - 1, 0)] if page in way else LAST


def number_of(page: str, answers: Answers) -> int:
    """The how-manieth page it is, from 1."""
    way = pages(answers)
    return way.index(page) + 1 if page in way else len(way)
