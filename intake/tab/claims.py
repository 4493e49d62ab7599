"""What a token may say, by type and size; what else is in it is passed over."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from core.accounts import Message
from core.context import Context
from core.vocabulary import Doubt
from core.web.decoding import as_text

Name = Annotated[str, msgspec.Meta(max_length=200)]
Words = Annotated[str, msgspec.Meta(max_length=5_000)]


class Picked(msgspec.Struct, frozen=True):
    """A message whose words the reporter wanted to add."""

    text: Words
    sender: Name = ""
    at: Name = ""
    id: Name = ""


class Reported(msgspec.Struct, frozen=True):
    """The account a report is about."""

    id: Name = ""
    handle: Name = ""


class AppContext(msgspec.Struct, frozen=True):
    """The claim `ctx`."""

    service: Name = ""
    conversation_id: Name = ""
    message_ids: Annotated[tuple[Name, ...], msgspec.Meta(max_length=100)] = ()
    messages: Annotated[tuple[Picked, ...], msgspec.Meta(max_length=100)] = ()
    reported: Reported = Reported()
    reported_role: Name = ""


class Claims(msgspec.Struct, frozen=True):
    """What we read of a token. `sub` is not read: whoever reports stays nobody known."""

    iat: int
    exp: int
    jti: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    ctx: AppContext

    @property
    def name(self) -> bytes:
        return self.jti.encode(errors="replace")


def only_context(claims: Mapping[str, Any]) -> AppContext:
    """Of a token that proves nothing; empty when there is nothing to read."""
    try:
        return msgspec.convert(claims.get("ctx", {}), AppContext)
    except msgspec.ValidationError:
        return AppContext()


def to_context(ctx: AppContext, doubt: Doubt | None = None) -> Context:
    """As it is kept: plain text, and each message once."""
    messages = tuple(_message(message) for message in ctx.messages)
    with_words = {message.id for message in messages}
    return Context(
        service=_plain(ctx.service),
        conversation=_plain(ctx.conversation_id),
        account=_plain(ctx.reported.id),
        handle=_plain(ctx.reported.handle),
        role=_plain(ctx.reported_role),
        message_ids=tuple(id for id in map(_plain, ctx.message_ids) if id and id not in with_words),
        messages=messages,
        doubt=doubt,
    )


def _message(picked: Picked) -> Message:
    return Message(_plain(picked.text), _plain(picked.sender), _plain(picked.at), _plain(picked.id))


def _plain(text: str) -> str:
    """Without control characters and what is no character."""
    return as_text(text.encode(errors="replace")).strip()
