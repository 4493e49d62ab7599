"""Sealed values open in their place, with their key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CannotOpen
from core.ids import uuid7
from core.sealing import SIZE_CLASSES, DataKey, KeyRing, PrivateKey, Row, Wrapping, padded, unpadded

RECIPIENT = PrivateKey.generate()
HERE = Row("reports", uuid7())


def wrapped(row: Row, key: DataKey, recipient: PrivateKey = RECIPIENT) -> bytes:
    with Wrapping(recipient.public) as wrapping:
        return wrapping.wrap(row, key)


@given(st.text())
def test_what_was_sealed_opens_in_its_place(text: str) -> None:
    with DataKey() as key:
        assert key.open(HERE, "what", key.seal(HERE, "what", text)) == text


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (HERE, "contact"),
        (Row("reports", uuid7()), "what"),
        (Row("cases", HERE.id), "what"),
        (Row("reportsw", HERE.id), "hat"),
    ],
)
def test_a_sealed_value_moved_elsewhere_does_not_open(row: Row, column: str) -> None:
    with DataKey() as key:
        sealed = key.seal(HERE, "what", "a secret")
        with pytest.raises(CannotOpen):
            key.open(row, column, sealed)


def test_any_changed_byte_keeps_it_shut() -> None:
    with DataKey() as key:
        sealed = key.seal(HERE, "what", "a secret")
        for place in range(len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(CannotOpen):
                key.open(HERE, "what", bytes(changed))


def test_the_recipient_unwraps_the_data_key() -> None:
    with DataKey() as key:
        sealed, wrap = key.seal(HERE, "what", "a secret"), wrapped(HERE, key)
    assert KeyRing([RECIPIENT]).unwrap(HERE, wrap).open(HERE, "what", sealed) == "a secret"


def test_nobody_else_unwraps_it() -> None:
    with DataKey() as key, pytest.raises(CannotOpen):
        KeyRing([PrivateKey.generate()]).unwrap(HERE, wrapped(HERE, key))


def test_a_wrap_opens_only_its_own_row_even_beside_others_of_one_encapsulation() -> None:
    other = Row("reports", uuid7())
    with DataKey() as first, DataKey() as second, Wrapping(RECIPIENT.public) as wrapping:
        mine, theirs = wrapping.wrap(HERE, first), wrapping.wrap(other, second)
    ring = KeyRing([RECIPIENT])
    assert bytes(ring.unwrap(HERE, mine).secret) != bytes(ring.unwrap(other, theirs).secret)
    with pytest.raises(CannotOpen):
        ring.unwrap(other, mine)


@pytest.mark.parametrize("place", [0, 1, 9, 500, 1200, -1])
def test_a_changed_wrap_does_not_open(place: int) -> None:
    with DataKey() as key:
        wrap = bytearray(wrapped(HERE, key))
    wrap[place] ^= 1
    with pytest.raises(CannotOpen):
        KeyRing([RECIPIENT]).unwrap(HERE, bytes(wrap))


@pytest.mark.parametrize("wrap", [b"", b"\x01", b"\x01" * 1237])
def test_what_is_no_wrap_does_not_open(wrap: bytes) -> None:
    with pytest.raises(CannotOpen):
        KeyRing([RECIPIENT]).unwrap(HERE, wrap)


def test_keys_are_wiped_when_their_block_ends() -> None:
    with DataKey() as key, Wrapping(RECIPIENT.public) as wrapping:
        wrapping.wrap(HERE, key)
    assert bytes(key.secret) == bytes(32)
    with pytest.raises(AssertionError):
        wrapping.wrap(HERE, key)


@given(st.binary(max_size=5000))
def test_padding_gives_back_what_it_got_and_shows_only_a_size_class(plain: bytes) -> None:
    assert unpadded(padded(plain)) == plain
    assert len(padded(plain)) in SIZE_CLASSES


def test_two_seals_of_one_text_look_unlike() -> None:
    with DataKey() as key:
        assert key.seal(HERE, "what", "same") != key.seal(HERE, "what", "same")


def test_keys_survive_being_written_down() -> None:
    again = PrivateKey.from_text(RECIPIENT.to_text())
    assert again.public.raw == RECIPIENT.public.raw
    assert len(RECIPIENT.public.raw) == 1216
