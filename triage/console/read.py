"""What triage read in a report, as staff read it: reasons, identifiers, countries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.vocabulary import CountrySource, Flag, IdentifierKind, Reason, Sure
from core.web.locale import Language
from triage.reading.found import CountrySign, Identifier

POSES = {Flag.MIXED_SCRIPT, Flag.LOOKALIKE, Flag.USERINFO}
HIDES = {Flag.BIDI, Flag.INVISIBLE}


@dataclass(frozen=True)
class ReadWords:
    """In the reader's language."""

    language: Language

    def reasons(self, reasons: Sequence[Reason]) -> list[str]:
        """Why a report has its priority, the most urgent reason first."""
        named = {
            Reason.DANGER_SAID: self.language.gettext("The reporter says that somebody is in danger now"),
            Reason.DANGER_UNSURE: self.language.gettext("The reporter is not sure whether somebody is in danger"),
            Reason.DANGER_IN_WORDS: self.language.gettext("The words tell of danger now"),
            Reason.SUICIDAL: self.language.gettext("The words tell of wanting to die"),
            Reason.MEETING: self.language.gettext("A meeting is wanted or planned"),
            Reason.THREATS: self.language.gettext("There are threats"),
            Reason.PAYMENT: self.language.gettext("Money is demanded"),
            Reason.SHARED: self.language.gettext("Pictures were shown to others"),
            Reason.AT_HOME: self.language.gettext("The person is close to the child at home"),
            Reason.YOUNG: self.language.gettext("The child is under 13"),
            Reason.SELF_MADE: self.language.gettext("The child made or sent pictures"),
            Reason.PARTNER_URGENT: self.language.gettext("The partner says that it is urgent"),
            Reason.NOTHING_TOLD: self.language.gettext("Nothing to work with was told yet"),
            Reason.FLOOD: self.language.gettext("It came in a flood of reports"),
        }
        return [named[reason] for reason in reasons]

    def groups(self, identifiers: Iterable[Identifier]) -> list[tuple[str, list[Identifier]]]:
        """Identifiers by kind, as (name of the kind, those of it), in the order of the vocabulary."""
        found = list(identifiers)
        every = [(self._kind(kind), [one for one in found if one.kind is kind]) for kind in IdentifierKind]
        return [(name, of_kind) for name, of_kind in every if of_kind]

    def oddities(self, found: Identifier) -> list[str]:
        """What to know before one relies on it."""
        odd = {
            self.language.gettext("may pose as another name"): bool(POSES & set(found.flags)),
            self.language.gettext("hidden characters"): bool(HIDES & set(found.flags)),
            self.language.gettext("a guess"): found.sure is Sure.GUESS,
        }
        return [words for words, so in odd.items() if so]

    def countries(self, signs: Sequence[CountrySign]) -> list[tuple[str, str]]:
        """(country, what points to it) for each country, those said first."""
        by_country: dict[str, list[str]] = {}
        for sign in signs:
            by_country.setdefault(sign.country, []).append(self._source(sign.source))
        return [(self._country(code), "; ".join(dict.fromkeys(sources))) for code, sources in by_country.items()]

    def _kind(self, kind: IdentifierKind) -> str:
        return {
            IdentifierKind.URL: self.language.gettext("Links"),
            IdentifierKind.DOMAIN: self.language.gettext("Sites"),
            IdentifierKind.EMAIL: self.language.gettext("E-mail"),
            IdentifierKind.PHONE: self.language.gettext("Phone"),
            IdentifierKind.HANDLE: self.language.gettext("Accounts"),
            IdentifierKind.IP: self.language.gettext("IP addresses"),
            IdentifierKind.MD5: "MD5",
            IdentifierKind.SHA1: "SHA-1",
            IdentifierKind.SHA256: "SHA-256",
            IdentifierKind.PDQ: "PDQ",
            IdentifierKind.WALLET: self.language.gettext("Wallets"),
        }[kind]

    def _source(self, source: CountrySource) -> str:
        return {
            CountrySource.REPORTER: self.language.gettext("chosen by the reporter"),
            CountrySource.PARTNER: self.language.gettext("told by the operator"),
            CountrySource.HOSTING: self.language.gettext("where the site is hosted"),
            CountrySource.PHONE: self.language.gettext("phone number"),
            CountrySource.PLATFORM: self.language.gettext("where most users of the platform are"),
            CountrySource.TOP_LEVEL: self.language.gettext("ending of the site’s name"),
            CountrySource.ADDRESS: self.language.gettext("IP address"),
        }[source]

    def _country(self, code: str) -> str:
        return str(self.language.locale.territories.get(code, code))
