"""Stored words and facts, as people say them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_timedelta, get_datetime_format

from core.details import Details
from core.vocabulary import About, Age, Danger, Disposition, Kept, Kind, Regrouping, Risk, Role
from core.web.locale import Language
from triage.console.added import AddedByApp
from triage.console.delivery import Sending
from triage.console.read import ReadWords
from triage.console.removal import Removal
from triage.console.told import Told
from triage.console.whereabouts import Whereabouts
from triage.routing.facts import Facts

UNTIL_NEXT_UNIT = 2  # "95 minutes" says more than "2 hours"


@dataclass(frozen=True)
class Wording:
    """What a reader of this language is shown."""

    language: Language

    @property
    def added(self) -> AddedByApp:
        """Of what an app added."""
        return AddedByApp(self.language)

    @property
    def told(self) -> Told:
        """Of what a partner told."""
        return Told(self.language)

    @property
    def whereabouts(self) -> Whereabouts:
        """Of why a case is where it is."""
        return Whereabouts(self.language)

    def looked_at(self, facts: Facts) -> list[tuple[str, str]]:
        """What the rules looked at, as (label, value); what was not known is left out."""
        known = [
            (self.language.gettext("Country"), self.country(facts.country) if facts.country else ""),
            (self.language.gettext("Hosted in"), "; ".join(map(self.country, facts.hosting))),
            (self.language.gettext("Language"), self.spoken(facts.language) if facts.language else ""),
            (self.language.gettext("Danger"), self.danger(Danger(facts.danger)) if facts.danger else ""),
            (self.language.gettext("Sent by"), facts.partner or ""),
            *self.details(_as_details(facts)),
        ]
        return [(label, value) for label, value in known if value]

    @property
    def sending(self) -> Sending:
        """Of what is sent to others, and of deadlines."""
        return Sending(self.language)

    @property
    def removal(self) -> Removal:
        """Of what providers are asked to remove."""
        return Removal(self.language)

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

    def details(self, details: Details) -> list[tuple[str, str]]:
        """What was answered besides the words, as (question, answer); what was not said is left out."""
        answers = [
            (self.language.gettext("About"), self._about(details.about)),
            (self.language.gettext("Age"), self._age(details.age)),
            (self.language.gettext("Kind"), self._kind(details.kind)),
            (self.language.gettext("Ticked"), "; ".join(self._risk(risk) for risk in details.risks)),
            (self.language.gettext("Account or name there"), details.account),
            (self.language.gettext("About the person"), details.suspect),
            (self.language.gettext("Messages kept"), self._kept(details.kept)),
            (self.language.gettext("When it is safe to write or call"), details.safe),
        ]
        return [(label, value) for label, value in answers if value]

    def _about(self, about: About | None) -> str:
        return {
            None: "",
            About.ME: self.language.gettext("The reporter, a child or young person"),
            About.MY_CHILD: self.language.gettext("The reporter's own child"),
            About.A_CHILD: self.language.gettext("Another child"),
            About.SEEN: self.language.gettext("Something the reporter saw"),
            About.WORK: self.language.gettext("A child the reporter works with"),
        }[about]

    def _age(self, age: Age | None) -> str:
        return {
            None: "",
            Age.UNDER_13: self.language.gettext("Under 13"),
            Age.FROM_13_TO_15: self.language.gettext("13 to 15"),
            Age.FROM_16_TO_17: self.language.gettext("16 or 17"),
            Age.ADULT: self.language.gettext("18 or older"),
        }[age]

    def _kind(self, kind: Kind | None) -> str:
        return {
            None: "",
            Kind.CONTACT: self.language.gettext("Somebody writes to a child or asks for things"),
            Kind.PICTURES: self.language.gettext("Pictures or videos of a child"),
            Kind.PAGE: self.language.gettext("A page, a group or a post"),
            Kind.NEARBY: self.language.gettext("It does not only happen online"),
            Kind.UNSURE: self.language.gettext("The reporter is not sure"),
        }[kind]

    def _risk(self, risk: Risk) -> str:
        return {
            Risk.MEET: self.language.gettext("Wants to meet, or they have met"),
            Risk.THREAT: self.language.gettext("Threatens, or wants money"),
            Risk.SHARED: self.language.gettext("Pictures were shown to others"),
            Risk.KNOWN: self.language.gettext("Known to the child in real life"),
        }[risk]

    def _kept(self, kept: Kept | None) -> str:
        return {
            None: "",
            Kept.YES: self.language.gettext("Yes"),
            Kept.SOME: self.language.gettext("Some of them"),
            Kept.NO: self.language.gettext("No"),
        }[kept]

    def role(self, role: Role) -> str:
        return {
            Role.ANALYST: self.language.gettext("Analyst"),
            Role.SUPERVISOR: self.language.gettext("Supervisor"),
            Role.ADMINISTRATOR: self.language.gettext("Administrator"),
        }[role]

    def disposition(self, disposition: Disposition) -> str:
        return dict(self.dispositions)[disposition]

    def regrouping(self, act: Regrouping) -> str:
        return {
            Regrouping.MERGED: self.language.gettext("Merged"),
            Regrouping.SPLIT: self.language.gettext("Taken out"),
            Regrouping.UNDONE: self.language.gettext("Undone"),
        }[act]

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

    @property
    def read(self) -> ReadWords:
        """Of what triage read in a report."""
        return ReadWords(self.language)

    @staticmethod
    def stamp(at: datetime) -> str:
        """The same for machines."""
        return at.astimezone(UTC).isoformat(timespec="seconds")

    @staticmethod
    def defanged(link: str) -> str:
        """A link nothing will follow: `https://a.example/b` as `hxxps[:]//a[.]example/b`."""
        scheme_spoilt = re.sub(r"(?i)\b(h)tt(ps?)(?=:)", r"\1xx\2", link)
        return re.sub(r"(?<=\S)\.(?=\S)", "[.]", re.sub(r":(?=\S)", "[:]", scheme_spoilt))


def _as_details(facts: Facts) -> Details:
    """What was answered, from the facts of it that were kept."""
    return Details(
        about=About(facts.about) if facts.about else None,
        age=Age(facts.age) if facts.age else None,
        kind=Kind(facts.kind) if facts.kind else None,
        risks=tuple(Risk(risk) for risk in facts.risks),
    )
