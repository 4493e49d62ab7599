"""Bytes from anyone, as text."""

import time
from urllib.parse import quote_plus, unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.web.decoding import as_text, decoded

PRINTABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32)]))


@settings(deadline=None)
@given(PRINTABLE)
def test_what_a_browser_encodes_is_read_back(text: str) -> None:
    assert decoded(quote_plus(text).encode()) == text


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_become_text_that_can_be_stored_and_shown(value: bytes) -> None:
    for text in (decoded(value), as_text(value)):
        text.encode()
        assert not [c for c in text if c < " " and c not in "\t\n"]


@settings(deadline=None)
@given(st.binary())
def test_decoding_is_what_the_standard_library_does_only_faster(value: bytes) -> None:
    assert decoded(value) == as_text(unquote_to_bytes(value.replace(b"+", b" ")))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"a\\x41\\n%5C", "a\\x41\\n\\"),
        (b"100%", "100%"),
        (b"%4", "%4"),
        (b"%zz%41", "%zzA"),
        (b"%0D%0A%0d%0a", "\n\n"),
        (b"%EF%BB%BF", "\ufeff"),
    ],
)
def test_odd_values_stay_readable(value: bytes, text: str) -> None:
    assert decoded(value) == text


@pytest.mark.parametrize("hostile", [b"%", b"%C3", b"\xff", b"\\", b"%0", b"\r", b"%25", b"%zz"])
def test_no_value_costs_out_of_proportion(hostile: bytes) -> None:
    plain, value = b"x" * 2_000_000, hostile * (2_000_000 // len(hostile))
    assert spent(value) < 100 * spent(plain) + 0.5


def spent(value: bytes) -> float:
    start = time.process_time()
    decoded(value)
    return time.process_time() - start
