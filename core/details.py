"""What was told besides the words and the link, by a reporter or a partner: one sealed column."""

import msgspec

from core.accounts import Account, File, Message
from core.context import Context
from core.errors import CannotOpen
from core.vocabulary import About, Age, Kept, Kind, Missing, Risk


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every answer is optional. `told` is whether there are any words to work with; `safe` is when to call or write.

    From `service` on it is what a partner knows: `happened` is RFC 3339, `reference` the partner's own name for this,
    `missing` what it did not tell. `context` is what an app added to what its user told.
    """

    about: About | None = None
    age: Age | None = None
    kind: Kind | None = None
    risks: tuple[Risk, ...] = ()
    account: str = ""
    suspect: str = ""
    kept: Kept | None = None
    safe: str = ""
    told: bool = True
    service: str = ""
    conversation: str = ""
    happened: str = ""
    urgency: str = ""
    reference: str = ""
    accounts: tuple[Account, ...] = ()
    messages: tuple[Message, ...] = ()
    urls: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    child_country: str = ""
    note: str = ""
    missing: tuple[Missing, ...] = ()
    context: Context | None = None

    def to_text(self) -> str:
        """JSON, without what was not said."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_text(cls, text: str) -> "Details":
        """Raises CannotOpen for what this version does not know."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError:
            raise CannotOpen from None


NOTHING = Details()
