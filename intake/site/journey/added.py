"""What an app adds to a report, on its way in the page: everything is shown first, and any of it can be taken out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, TypeVar

import msgspec

from core.context import Context
from core.vocabulary import ContextState, Doubt
from core.web.locale import Language

T = TypeVar("T")
PAGE = "context"
ALL = "all"
NO_PART: Mapping[str, Mapping[str, object]] = {
    "service": {"service": ""},
    "account": {"account": "", "handle": "", "role": ""},
    "conversation": {"conversation": ""},
    ALL: {
        "service": "",
        "account": "",
        "handle": "",
        "role": "",
        "conversation": "",
        "message_ids": (),
        "messages": (),
    },
}


class Added(msgspec.Struct, frozen=True, omit_defaults=True):
    """The context, whether the app signed it, and the token's name: 32 bytes by which it counts once.

    `is_shown`: the reporter has seen it, and before that it goes nowhere. `after` is the page that it was put before.
    """

    context: Context
    is_verified: bool = False
    id: bytes = b""
    is_shown: bool = False
    after: str = ""

    @property
    def text(self) -> str:
        """JSON, for the page."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """None for what is no text of ours."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError:
            return None

    @property
    def state(self) -> ContextState:
        return ContextState.VERIFIED if self.is_verified and not self.context.is_empty else ContextState.UNVERIFIED

    @property
    def tells(self) -> bool:
        """Whether staff need it: it says something, or the app tried and it could not be read."""
        return not self.context.is_empty or self.context.doubt is not None

    def suspended(self) -> Self:
        """The same from an app that nobody trusts any more."""
        context = msgspec.structs.replace(self.context, doubt=self.context.doubt or Doubt.SUSPENDED)
        return msgspec.structs.replace(self, context=context, is_verified=False)

    def shown(self) -> Self:
        return msgspec.structs.replace(self, is_shown=True)

    def before(self, page: str) -> Self:
        """Put in the way of somebody who was going to `page`."""
        return msgspec.structs.replace(self, after=page)

    def without(self, part: str) -> Self:
        """The same without one item, by its key; what is no key takes out nothing."""
        cut = _without(self.context, part)
        return msgspec.structs.replace(self, context=msgspec.structs.replace(cut, is_cut=True)) if cut else self


@dataclass(frozen=True, slots=True)
class Item:
    """One thing an app adds: the key by which it is taken out, what it is, and what it says, part by part."""

    key: str
    label: str
    parts: Sequence[str]


def items(context: Context, language: Language) -> Sequence[Item]:
    """Everything, in the order of reading."""
    return [*_facts(context, language), *_messages(context, language)]


def _facts(context: Context, language: Language) -> Iterator[Item]:
    if context.service:
        yield Item("service", language.gettext("The app or part of it"), [context.service])
    if context.has_account:
        parts = [part for part in (context.handle, context.account, context.role) if part]
        yield Item("account", language.gettext("The account you report"), parts)
    if context.conversation:
        yield Item("conversation", language.gettext("The number of the chat"), [context.conversation])


def _messages(context: Context, language: Language) -> Iterator[Item]:
    for place, message in enumerate(context.messages):
        parts = [part for part in (message.sender, _moment(message.at, language), message.text) if part]
        yield Item(f"message-{place}", language.gettext("A message"), parts)
    for place, id in enumerate(context.message_ids):
        yield Item(f"number-{place}", language.gettext("The number of a message, without its words"), [id])


def _moment(at: str, language: Language) -> str:
    """An RFC 3339 time as people read it; what is none stays as it is."""
    try:
        moment = datetime.fromisoformat(at)
        known = language.moment(moment.astimezone(UTC)) if moment.tzinfo else ""
    except (ValueError, OverflowError):
        return at
    return language.gettext("%(at)s UTC") % {"at": known} if known else at


def _without(context: Context, part: str) -> Context | None:
    if part in NO_PART:
        return msgspec.structs.replace(context, **NO_PART[part])
    kind, _, number = part.rpartition("-")
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else -1
    if kind == "message" and 0 <= place < len(context.messages):
        return msgspec.structs.replace(context, messages=_but(context.messages, place))
    if kind == "number" and 0 <= place < len(context.message_ids):
        return msgspec.structs.replace(context, message_ids=_but(context.message_ids, place))
    return None


def _but(things: tuple[T, ...], place: int) -> tuple[T, ...]:
    return (*things[:place], *things[place + 1 :])
