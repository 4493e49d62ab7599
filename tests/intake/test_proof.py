"""The proof of work: solved it counts for its form, for minutes; nothing else does, and nothing raises."""

import base64
import json
import os

import pytest
from altcha.v1 import Challenge, Payload, solve_challenge
from hypothesis import given
from hypothesis import strategies as st

from intake.proof import LONGEST, MOST, check, issue

KEY, NONCE = os.urandom(32), os.urandom(16)


def solved(challenge: str) -> Payload:
    said = json.loads(challenge)
    made = Challenge(said["algorithm"], said["challenge"], said["maxNumber"], said["salt"], said["signature"])
    found = solve_challenge(made)
    assert found is not None
    return Payload(made.algorithm, made.challenge, found.number, made.salt, made.signature)


def test_a_solved_challenge_proves_something_and_each_another_thing() -> None:
    one, other = (solved(issue(KEY, NONCE)).to_base64() for _ in range(2))
    names = [check(KEY, NONCE, proof) for proof in (one, one, other)]
    assert all(name is not None and len(name) == 32 for name in names)
    assert names[0] == names[1] != names[2]


def test_it_is_worth_nothing_for_another_form_or_with_another_key() -> None:
    proof = solved(issue(KEY, NONCE)).to_base64()
    assert check(KEY, os.urandom(16), proof) is None
    assert check(os.urandom(32), NONCE, proof) is None


def test_it_expires() -> None:
    assert check(KEY, NONCE, solved(issue(KEY, NONCE, minutes=-1)).to_base64()) is None
    assert check(KEY, NONCE, solved(issue(KEY, NONCE, minutes=1)).to_base64()) is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", -1),
        ("number", "1"),
        ("salt", "00?expires=99999999999&form=00&"),
        ("signature", "0" * 64),
        ("challenge", "0" * 64),
        ("algorithm", "SHA-1"),
    ],
)
def test_a_changed_part_proves_nothing(field: str, value: object) -> None:
    payload = dict(solved(issue(KEY, NONCE)).to_dict()) | {field: value}
    assert check(KEY, NONCE, base64.b64encode(json.dumps(payload).encode()).decode()) is None


@given(st.text(max_size=LONGEST + 10))
def test_whatever_is_sent_is_no_trouble(proof: str) -> None:
    assert check(KEY, NONCE, proof) is None


@given(st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)))
def test_nor_is_json_of_any_kind(value: object) -> None:
    payload = dict.fromkeys(("algorithm", "challenge", "number", "salt", "signature"), value)
    for said in (value, payload):
        assert check(KEY, NONCE, base64.b64encode(json.dumps(said).encode()).decode()) is None


def test_the_sum_is_as_long_as_it_is_said_to_be() -> None:
    numbers = [solved(issue(KEY, NONCE)).number for _ in range(12)]
    assert max(numbers) <= MOST
    assert sum(numbers) / len(numbers) > MOST / 10
