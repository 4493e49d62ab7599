"""Form tokens are signed, dated, and worth nothing when changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ExpiredToken, ForgedToken
from intake import tokens

KEY = b"k" * 32
HOUR = 3_600_000


def test_a_token_reads_back_as_its_time_and_nonce() -> None:
    read = tokens.read(KEY, tokens.issue(KEY, 5000), 6000, HOUR)
    assert read.issued_ms == 5000
    assert len(read.nonce) == tokens.NONCE_BYTES


def test_no_two_tokens_are_alike() -> None:
    assert len({tokens.issue(KEY, 1) for _ in range(100)}) == 100


def test_a_token_lasts_as_long_as_it_may_and_no_longer() -> None:
    token = tokens.issue(KEY, 0)
    tokens.read(KEY, token, HOUR, HOUR)
    with pytest.raises(ExpiredToken):
        tokens.read(KEY, token, HOUR + 1, HOUR)


def test_a_token_signed_with_another_key_is_forged() -> None:
    with pytest.raises(ForgedToken):
        tokens.read(KEY, tokens.issue(b"x" * 32, 0), 0, HOUR)


@given(st.integers(min_value=0, max_value=55), st.sampled_from("ABCxyz019-_"))
def test_a_token_with_any_changed_symbol_is_forged(place: int, symbol: str) -> None:
    token = tokens.issue(KEY, 0)
    changed = token[:place] + symbol + token[place + 1 :]
    if changed != token:
        with pytest.raises(ForgedToken):
            tokens.read(KEY, changed, 0, HOUR)


@given(st.text())
def test_any_other_text_is_a_forged_token(text: str) -> None:
    with pytest.raises(ForgedToken):
        tokens.read(KEY, text, 0, HOUR)
