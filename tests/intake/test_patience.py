"""A body is waited for by what has come of it: a moment for nothing, longer for an upload that was going well."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message

from intake.partners import patience
from intake.partners.patience import pieces

A_SECONDS_WORTH = b"x" * patience.SLOWEST
MOMENT = 0.05


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same in a fifteenth of the time."""
    monkeypatch.setattr(patience, "FIRST", MOMENT)


def read(sent: Sequence[tuple[float, bytes]], longest: float, working: float = 0.0) -> int:
    """Bytes that were read of pieces that each come after a pause, and are worked on. Raises TimeoutError."""
    waiting = [*sent, (0.0, b"")]

    async def receive() -> Message:
        pause, piece = waiting.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def all_of_it() -> int:
        length = 0
        async for piece in pieces(Request({"type": "http", "method": "POST"}, receive), longest):
            length += len(piece)
            await asyncio.sleep(working)
        return length

    return asyncio.run(all_of_it())


def test_what_never_begins_is_given_up_after_a_moment() -> None:
    with pytest.raises(TimeoutError):
        read([(4 * MOMENT, b"x")], longest=20.0)


def test_small_pieces_without_a_long_pause_are_given_up_all_the_same() -> None:
    with pytest.raises(TimeoutError):
        read([(MOMENT / 3, b"x")] * 12, longest=20.0)


def test_an_upload_that_has_sent_much_may_pause() -> None:
    assert read([(0.0, A_SECONDS_WORTH), (4 * MOMENT, b"x")], longest=20.0) == len(A_SECONDS_WORTH) + 1


def test_a_document_may_not_pause_however_much_came() -> None:
    with pytest.raises(TimeoutError):
        read([(0.0, A_SECONDS_WORTH), (4 * MOMENT, b"x")], longest=MOMENT)


def test_what_is_done_with_the_pieces_is_not_held_against_the_sender() -> None:
    assert read([(0.0, b"x")] * 4, longest=20.0, working=2 * MOMENT) == 4
