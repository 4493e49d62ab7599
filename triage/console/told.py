"""What a partner told, as staff read it: accounts, sightings, files, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.accounts import Account, File, Sighting
from core.details import Details
from core.vocabulary import Channel, Missing, Side
from core.web.locale import Language

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Told:
    """In the reader's language; every value is text and nothing else."""

    language: Language

    def channel(self, channel: Channel) -> str:
        """By which door; empty for what people send themselves."""
        return {
            Channel.TAB: self.language.gettext("Sent from a tab in their app"),
            Channel.API: self.language.gettext("Sent by their server"),
            Channel.CYBERTIPLINE: self.language.gettext("Sent by their server in the CyberTipline's format"),
            Channel.XARF: self.language.gettext("Sent by their server as XARF"),
        }.get(channel, "")

    def facts(self, details: Details) -> Rows:
        """What is known of the whole, as (label, value); what was not told is left out."""
        return _given(
            (self.language.gettext("Service"), details.service),
            (self.language.gettext("When it happened"), details.happened),
            (self.language.gettext("Why it is urgent"), details.urgency),
            (self.language.gettext("Conversation"), details.conversation),
            (self.language.gettext("The child's country"), self._country(details.child_country)),
            (self.language.gettext("Their own reference"), details.reference),
            (self.language.gettext("Note"), details.note),
        )

    def side(self, side: Side) -> str:
        return {
            Side.REPORTED: self.language.gettext("Reported account"),
            Side.CHILD: self.language.gettext("The child's account"),
            Side.REPORTER: self.language.gettext("The reporter's account"),
            Side.OTHER: self.language.gettext("Another account"),
        }[side]

    def account(self, account: Account) -> Rows:
        """One account, as (label, value). Addresses of pages are not in it: they are made harmless elsewhere."""
        return _given(
            (self.language.gettext("Service"), account.service),
            (self.language.gettext("Account number"), account.id),
            (self.language.gettext("Handle"), account.handle),
            (self.language.gettext("Names shown"), "; ".join(account.names)),
            (self.language.gettext("E-mail"), "; ".join(account.emails)),
            (self.language.gettext("Phone"), "; ".join(account.phones)),
            (self.language.gettext("Devices"), "; ".join(account.devices)),
            (self.language.gettext("Seen at"), "\n".join(map(_sighting, account.seen))),
            (self.language.gettext("Country"), self._country(account.country)),
            (self.language.gettext("Note"), account.note),
        )

    def file(self, file: File) -> Rows:
        return _given(
            (self.language.gettext("File name"), file.name),
            (self.language.gettext("Type"), file.media_type),
            *((algorithm.upper(), value) for algorithm, value in sorted(file.hashes.items())),
            (self.language.gettext("Note"), file.note),
        )

    def missing(self, missing: Sequence[Missing]) -> list[str]:
        """What an investigator needs and was not told."""
        named = {
            Missing.ACCOUNT: self.language.gettext("the account that is reported"),
            Missing.SERVICE: self.language.gettext("the service it happened on"),
            Missing.ADDRESS: self.language.gettext("IP addresses with times"),
            Missing.PORT: self.language.gettext("source ports"),
            Missing.MOMENT: self.language.gettext("when it happened"),
            Missing.PLACE: self.language.gettext("a link or a conversation"),
            Missing.WORDS: self.language.gettext("what happened, in words"),
            Missing.EVIDENCE: self.language.gettext("messages or file hashes"),
            Missing.AGE: self.language.gettext("the child's age"),
            Missing.COUNTRY: self.language.gettext("the child's country"),
            Missing.CONTACT: self.language.gettext("a way to reach somebody"),
        }
        return [named[each] for each in missing]

    def _country(self, code: str) -> str:
        return str(self.language.locale.territories.get(code, code))


def _given(*rows: tuple[str, str]) -> Rows:
    return [(label, value) for label, value in rows if value]


def _sighting(seen: Sighting) -> str:
    """`192.0.2.7 port 51334, 2026-11-20T17:03:00Z, login`, as short as what is known."""
    address = f"{seen.ip} port {seen.port}" if seen.port else seen.ip
    return ", ".join(filter(None, (address, seen.at, seen.event)))
