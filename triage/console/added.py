"""What an app added to a report, as staff read it, and what its signature is worth."""

from dataclasses import dataclass

from core.context import Context
from core.vocabulary import ContextState, Doubt
from core.web.locale import Language


@dataclass(frozen=True)
class AddedByApp:
    """In the reader's language; every value is text and nothing else."""

    language: Language

    def facts(self, context: Context) -> list[tuple[str, str]]:
        """As (label, value); what was not said, or was taken out, is left out."""
        facts = [
            (self.language.gettext("Service"), context.service),
            (self.language.gettext("Account number"), context.account),
            (self.language.gettext("Handle"), context.handle),
            (self.language.gettext("Role there"), context.role),
            (self.language.gettext("Conversation"), context.conversation),
            (self.language.gettext("Messages by their numbers"), "\n".join(context.message_ids)),
        ]
        return [(label, value) for label, value in facts if value]

    def is_verified(self, state: ContextState | None) -> bool:
        return state is ContextState.VERIFIED

    def doubt(self, context: Context) -> str:
        """Why it is not verified. Without a doubt at the door it was the database that knew the token."""
        return {
            None: self.language.gettext("The app's signature was used for another report before."),
            Doubt.UNREADABLE: self.language.gettext("What the app sent could not be read."),
            Doubt.INCOMPLETE: self.language.gettext("The app's signature leaves out what it must say."),
            Doubt.UNSIGNED: self.language.gettext("It is not signed with a key of this partner."),
            Doubt.MISADDRESSED: self.language.gettext("It was signed for or by somebody else."),
            Doubt.OLD: self.language.gettext("The app's signature was too old, or good for too long."),
            Doubt.SUSPENDED: self.language.gettext("This partner was shut out when the report was sent."),
        }[context.doubt]
