"""What rules may look at: facts of a report, none of them anything that somebody wrote."""

from typing import Protocol

import msgspec

from core.details import Details
from core.errors import CannotOpen
from core.vocabulary import Channel, Danger


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Values are stored words or codes; None or empty is "not known". `hosting` is in the order of the evidence."""

    country: str | None = None
    hosting: tuple[str, ...] = ()
    kind: str | None = None
    about: str | None = None
    age: str | None = None
    channel: str | None = None
    language: str | None = None
    danger: str | None = None
    risks: tuple[str, ...] = ()
    partner: str | None = None

    def to_text(self) -> str:
        """JSON, without what is not known."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_text(cls, text: str) -> "Facts":
        """Raises CannotOpen for what this version does not know."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError:
            raise CannotOpen from None

    @property
    def spoken(self) -> tuple[str, ...]:
        """The language and what it is a form of: `zh-Hans` is `zh` too."""
        if self.language is None:
            return ()
        tag = self.language.lower()
        return (tag, tag.partition("-")[0]) if "-" in tag else (tag,)


class Reported(Protocol):
    """The plain columns of a report."""

    @property
    def country(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def danger(self) -> Danger: ...


def facts_of(report: Reported, details: Details, hosting: tuple[str, ...] = (), partner: str | None = None) -> Facts:
    """The facts of one report: its plain columns, what was ticked, and what reading found out."""
    return Facts(
        country=report.country,
        hosting=hosting,
        kind=details.kind,
        about=details.about,
        age=details.age,
        channel=report.channel,
        language=report.language,
        danger=report.danger,
        risks=tuple(details.risks),
        partner=partner,
    )
