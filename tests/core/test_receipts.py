"""Receipts: the same form gives the same one, and people may type it as they like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from core import receipts

KEY = b"k" * 32


@given(st.binary(min_size=16, max_size=16))
def test_a_receipt_is_five_groups_of_crockford_symbols_and_the_same_each_time(nonce: bytes) -> None:
    receipt = receipts.receipt_for(KEY, nonce)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", receipt)
    assert receipt == receipts.receipt_for(KEY, nonce)


def test_another_form_or_another_key_gives_another_receipt() -> None:
    assert receipts.receipt_for(KEY, b"a" * 16) != receipts.receipt_for(KEY, b"b" * 16)
    assert receipts.receipt_for(KEY, b"a" * 16) != receipts.receipt_for(b"x" * 32, b"a" * 16)


@pytest.mark.parametrize("typed", ["abcd 0110 7k2m", "ABCDO1L07K2M", " a b-c d o i l o 7 k 2 m ", "ABCD.0110.7K2M"])
def test_any_spacing_case_and_look_alike_is_read_as_the_same_receipt(typed: str) -> None:
    assert receipts.receipt_hash(KEY, typed) == receipts.receipt_hash(KEY, "ABCD-0110-7K2M")
    assert receipts.mailbox_public(typed) == receipts.mailbox_public("ABCD-0110-7K2M")


def test_the_receipt_alone_gives_the_private_half_of_the_mailbox() -> None:
    receipt = receipts.receipt_for(KEY, b"n" * 16)
    answer = SealedBox(PublicKey(receipts.mailbox_public(receipt))).encrypt(b"We have read it.")
    assert SealedBox(receipts.mailbox_key(receipt)).decrypt(answer) == b"We have read it."
