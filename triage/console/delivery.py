"""How something is sent and how far it came, as people say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_timedelta

from core.vocabulary import AlarmKind, By, DeliveryState, Trouble
from core.web.locale import Language
from triage.deadlines import Clock, Due
from triage.referrals.recipients import Recipient


@dataclass(frozen=True)
class Sending:
    """In the reader's language."""

    language: Language

    def by(self, by: By) -> str:
        return {
            By.CONSOLE: self.language.gettext("reads it in this console"),
            By.EMAIL: self.language.gettext("by encrypted e-mail"),
            By.WEBHOOK: self.language.gettext("by signed webhook"),
            By.CYBERTIPLINE: self.language.gettext("by the CyberTipline's interface"),
            By.XARF: self.language.gettext("as XARF by e-mail: the links alone"),
            By.SIGNPOST: self.language.gettext("nothing is sent"),
            By.PLAIN: self.language.gettext("by e-mail that is not encrypted, the links made harmless"),
        }[by]

    def state(self, state: DeliveryState) -> str:
        return {
            DeliveryState.WAITING: self.language.gettext("On its way"),
            DeliveryState.SENDING: self.language.gettext("On its way"),
            DeliveryState.DELIVERED: self.language.gettext("Delivered"),
            DeliveryState.FAILED: self.language.gettext("Not delivered yet"),
            DeliveryState.GIVEN_UP: self.language.gettext("Not delivered"),
        }[state]

    def trouble(self, trouble: Trouble) -> str:
        return {
            Trouble.NO_ANSWER: self.language.gettext("The other side did not answer"),
            Trouble.REFUSED: self.language.gettext("The other side refused it"),
            Trouble.LOG_IN: self.language.gettext("The other side does not know our name or password"),
            Trouble.REDIRECTED: self.language.gettext("The other side sends us elsewhere; its address is wrong"),
            Trouble.ADDRESS: self.language.gettext("The address may not be used from here"),
            Trouble.NO_KEY: self.language.gettext("A key is missing or does not fit"),
            Trouble.NOT_SET: self.language.gettext("This way of sending is not set up here"),
            Trouble.BAD_ANSWER: self.language.gettext("The answer of the other side makes no sense"),
            Trouble.DOES_NOT_FIT: self.language.gettext("The case does not fit what the other side takes"),
            Trouble.DIED: self.language.gettext("The worker stopped"),
            Trouble.OUR_FAULT: self.language.gettext("Something is wrong on our side"),
        }[trouble]

    def alarm(self, kind: AlarmKind) -> str:
        """Why a case calls whoever is on call; whom a rule names is told and not called."""
        return {
            AlarmKind.DANGER: self.language.gettext("A child may be in danger now"),
            AlarmKind.DEADLINE: self.language.gettext("Its deadline has passed"),
        }[kind]

    def choices(self, recipients: Sequence[Recipient]) -> list[tuple[str, str]]:
        """For a list to choose from: name, country, and how."""
        return [(str(one.id), f"{one.name}{self._in(one.country)}: {self.by(one.by)}") for one in recipients]

    def due(self, due: Due, now: datetime) -> str:
        """How a case stands with its deadline."""
        if due.clock is Clock.STOPPED:
            return self.language.gettext("Paused")
        span = format_timedelta(abs(due.at - now), "minute", 2, locale=self.language.locale)
        if due.clock is Clock.BREACHED:
            return self.language.gettext("Late by %(time)s") % {"time": span}
        return self.language.gettext("%(time)s left") % {"time": span}

    def _in(self, country: str | None) -> str:
        return f" ({self.language.locale.territories.get(country, country)})" if country else ""
