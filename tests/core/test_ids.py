"""Identifiers."""

from hypothesis import given
from hypothesis import strategies as st

from core.ids import crockford, in_groups, new_reference, normalised, uuid7


@given(st.integers(min_value=0, max_value=2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_uuid7_carries_its_time_and_version_and_follows_from_its_parts(at: int, randomness: bytes) -> None:
    made = uuid7(at, randomness)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == at
    assert made == uuid7(at, randomness)


def test_later_ids_sort_after_earlier_ones() -> None:
    assert uuid7(1000) < uuid7(1001)


def test_crockford_symbols_are_five_bits_each() -> None:
    assert crockford(b"\x00\x00\x00\x00\x1f", 8) == "0000000Z"
    assert in_groups("ABCDEFGH") == "ABCD-EFGH"


def test_references_are_random_and_read_back_as_themselves() -> None:
    made = {new_reference() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(normalised(reference)) == 9 for reference in made)
