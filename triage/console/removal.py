"""How links stand that providers were asked to remove, as people say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.models import Provider
from core.settings import Settings
from core.vocabulary import By, Offence, TakedownMark, TakedownState
from core.web.locale import Language
from triage.console.delivery import Sending
from triage.takedowns.providers import by_of_provider


@dataclass(frozen=True)
class Removal:
    """In the reader's language."""

    language: Language

    def state(self, state: TakedownState) -> str:
        return {
            TakedownState.OPEN: self.language.gettext("Asked for"),
            TakedownState.ANSWERED: self.language.gettext("The provider answered"),
            TakedownState.REMOVED: self.language.gettext("Gone"),
            TakedownState.REFUSED: self.language.gettext("The provider refuses"),
            TakedownState.STOPPED: self.language.gettext("Stopped"),
        }[state]

    def offence(self, offence: Offence) -> str:
        return dict(self.offences)[offence]

    @property
    def offences(self) -> list[tuple[Offence, str]]:
        return [
            (
                Offence.MATERIAL,
                self.language.gettext("Child sexual abuse material (Directive 2011/93/EU, Article 5)"),
            ),
            (
                Offence.EXPLOITATION,
                self.language.gettext("Sexual exploitation of a child (Directive 2011/93/EU, Article 4)"),
            ),
            (Offence.SOLICITATION, self.language.gettext("Solicitation of a child (Directive 2011/93/EU, Article 6)")),
            (Offence.OTHER, self.language.gettext("Another offence; name the law below")),
        ]

    @property
    def marks(self) -> list[tuple[TakedownMark, str]]:
        """What staff can say of a link that is asked for."""
        return [
            (TakedownMark.REMOVED, self.language.gettext("It is gone")),
            (TakedownMark.STILL_THERE, self.language.gettext("It is still there: ask me again later")),
            (TakedownMark.ANSWERED, self.language.gettext("The provider answered: do not repeat the notice")),
            (TakedownMark.REFUSED, self.language.gettext("The provider refuses to remove it")),
            (TakedownMark.AGAIN, self.language.gettext("Send the notice once more now")),
            (TakedownMark.STOPPED, self.language.gettext("Stop asking")),
        ]

    def repeated(self, settings: Settings) -> str:
        """What happens by itself when nobody says more."""
        if not settings.takedown_most_repeats:
            return self.language.gettext("It is not sent again by itself.")
        hours, times = settings.takedown_repeat_hours, settings.takedown_most_repeats
        sentence = self.language.gettext(
            "Until somebody says more it is sent again, at most %(times)s times, each time %(hours)s hours later."
        )
        return sentence % {"times": self.language.number(times), "hours": self.language.number(hours)}

    def choices(self, providers: Sequence[Provider]) -> list[tuple[str, str]]:
        """For a list to choose from."""
        return [(str(one.id), self.contact(one.name, one.way, by_of_provider(one))) for one in providers]

    def contact(self, name: str, way: Mapping[str, object], by: By) -> str:
        """Who it is, where they receive, and how."""
        where = f"{name} ({way['to']})" if way.get("to") else name
        return f"{where}: {Sending(self.language).by(by)}"
