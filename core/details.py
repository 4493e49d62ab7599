"""What a reporter answered besides the words and the link: one sealed column, read by triage and by staff."""

import msgspec

from core.errors import CannotOpen
from core.vocabulary import About, Age, Kept, Kind, Risk


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every answer is optional. `told` is whether there are any words to work with; `safe` is when to call or write."""

    about: About | None = None
    age: Age | None = None
    kind: Kind | None = None
    risks: tuple[Risk, ...] = ()
    account: str = ""
    suspect: str = ""
    kept: Kept | None = None
    safe: str = ""
    told: bool = True

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
