"""What an app adds to a report that began in it: the conversation and the account it is about, as text."""

import msgspec

from core.accounts import Message
from core.vocabulary import Doubt


class Context(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the app's server named and its user left in; `message_ids` are those whose words are not here.

    `doubt` is why its signature proved nothing; `is_cut` whether the reporter took something out.
    """

    service: str = ""
    conversation: str = ""
    account: str = ""
    handle: str = ""
    role: str = ""
    message_ids: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    doubt: Doubt | None = None
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing, whatever is thought of it."""
        return not any((self.service, self.conversation, self.has_account, self.message_ids, self.messages))

    @property
    def has_account(self) -> bool:
        return bool(self.account or self.handle or self.role)
