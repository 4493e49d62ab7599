"""Stored words and facts, as people say them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_timedelta, get_datetime_format

from core.vocabulary import Danger, Disposition, Role
from core.web.locale import Language

UNTIL_NEXT_UNIT = 2  # "95 minutes" says more than "2 hours"


@dataclass(frozen=True)
class Wording:
    """What a reader of this language is shown."""

    language: Language

    def priority(self, priority: int) -> str:
        return {
            1: self.language.gettext("At once"),
            2: self.language.gettext("Soon"),
            3: self.language.gettext("Normal"),
            4: self.language.gettext("Low"),
            5: self.language.gettext("Lowest"),
        }[priority]

    def danger(self, danger: Danger) -> str:
        return {
            Danger.YES: self.language.gettext("Danger now"),
            Danger.UNSURE: self.language.gettext("Maybe in danger"),
            Danger.NO: self.language.gettext("No danger now"),
            Danger.UNSAID: self.language.gettext("Not said"),
        }[danger]

    def role(self, role: Role) -> str:
        return {
            Role.ANALYST: self.language.gettext("Analyst"),
            Role.SUPERVISOR: self.language.gettext("Supervisor"),
            Role.ADMINISTRATOR: self.language.gettext("Administrator"),
        }[role]

    def disposition(self, disposition: Disposition) -> str:
        return dict(self.dispositions)[disposition]

    @property
    def dispositions(self) -> list[tuple[Disposition, str]]:
        return [
            (Disposition.ACTED_ON, self.language.gettext("We acted on it")),
            (Disposition.PASSED_ON, self.language.gettext("We passed it on to somebody else")),
            (Disposition.NOT_ENOUGH_TO_ACT, self.language.gettext("There is not enough to act on")),
            (Disposition.NOT_ILLEGAL, self.language.gettext("It is not illegal")),
            (Disposition.DUPLICATE, self.language.gettext("It is in another case already")),
        ]

    def country(self, code: str | None) -> str:
        return str(self.language.locale.territories.get(code, code)) if code else self.language.gettext("Not said")

    def spoken(self, code: str) -> str:
        """A language's name."""
        try:
            return Locale.parse(code, sep="-").get_display_name(self.language.locale) or code
        except (ValueError, UnknownLocaleError):
            return code

    def waiting(self, since: datetime, now: datetime) -> str:
        """How long, like `3 hours`."""
        return format_timedelta(max(now - since, now - now), "minute", UNTIL_NEXT_UNIT, locale=self.language.locale)

    def moment(self, at: datetime) -> str:
        """Date and time by the 24-hour clock; the pages say that they are UTC, for a team is in many time zones."""
        locale, utc = self.language.locale, at.astimezone(UTC)
        day, clock = format_skeleton("yMMMd", utc, UTC, locale=locale), format_skeleton("Hm", utc, UTC, locale=locale)
        return str(get_datetime_format("medium", locale=locale)).replace("'", "").format(clock, day)

    @staticmethod
    def stamp(at: datetime) -> str:
        """The same for machines."""
        return at.astimezone(UTC).isoformat(timespec="seconds")

    @staticmethod
    def defanged(link: str) -> str:
        """A link nothing will follow: `https://a.example/b` as `hxxps[:]//a[.]example/b`."""
        scheme_spoilt = re.sub(r"(?i)\b(h)tt(ps?)(?=:)", r"\1xx\2", link)
        return re.sub(r"(?<=\S)\.(?=\S)", "[.]", re.sub(r":(?=\S)", "[:]", scheme_spoilt))
