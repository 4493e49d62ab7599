"""An invented report: what its reporter gives, by which door, and the truth about it, which triage never sees."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.vocabulary import About, Age, Danger, Kind, Risk
from ops.simulate.whereabouts import NOWHERE, Where


class Door(StrEnum):
    """By which way in it comes. FORM is the whole form at once, JOURNEY one question a page."""

    FORM = "form"
    JOURNEY = "journey"
    JSON = "json"
    XARF = "xarf"
    CYBERTIPLINE = "cybertipline"


class Sort(StrEnum):
    """What makes a report one with others."""

    ALONE = "alone"
    LINK = "link"
    ACCOUNT = "account"
    TEXT = "text"
    FILE = "file"
    PERSON = "person"
    FLOOD = "flood"


class Trap(StrEnum):
    """What could lead triage astray about a report."""

    NEAR_MISS = "near miss"
    CHILD_IN_A_FLOOD = "child in a flood"
    OTHER_COUNTRY_NAMED = "other country named"
    WORDS_OF_PAST_DANGER = "words of past danger"
    DANGER_ONLY_IN_WORDS = "danger only in words"


@dataclass(frozen=True, slots=True)
class Told:
    """What a reporter gives. `suspect` at a `service` is the account that a partner names, `file` a hash.

    Those of one `form` are sent under one form token: their person came back and added something. `twice` is
    sent again as it is, as after a lost answer.
    """

    door: Door
    language: str
    what: str
    form: int
    country: str = ""
    danger: Danger = Danger.UNSAID
    about: About | None = None
    age: Age | None = None
    kind: Kind | None = None
    risks: tuple[Risk, ...] = ()
    link: str = ""
    account: str = ""
    contact: str = ""
    suspect: str = ""
    service: str = ""
    file: str = ""
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """Reports of one `thing` whose case is one agency's are one piece of work. `now` is danger now."""

    thing: int
    sort: Sort
    where: Where = NOWHERE
    now: bool = False
    traps: tuple[Trap, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Invented:
    """One report of a simulation."""

    told: Told
    truth: Truth
