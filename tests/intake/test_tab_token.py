"""The tokens that apps sign: which are believed, why others are not, and what is read of those."""

import base64
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.vocabulary import ContextState, Doubt
from intake.site.journey.added import Added
from intake.tab.token import LONGEST, Signer, read_token
from tests.factories import KnownPartner
from tests.intake.operator import TOLD, Operator, public, unsigned

US = "https://hotline.example"
SECRET = bytes(32)


@pytest.fixture(scope="module")
def operator() -> Operator:
    partner = KnownPartner(uuid4(), "northwind", "Northwind Chat", "", "")
    return Operator(partner, US, Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture(scope="module")
def signer(operator: Operator) -> Signer:
    keys = [public(operator.edwards, "ed"), public(operator.p256, "ec")]
    return Signer(operator.partner.id, operator.partner.code, keys)


def read(token: str, signer: Signer) -> Added:
    return read_token(token, signer, US, SECRET)


def test_what_an_app_signed_is_believed_and_says_which_chat_and_whom(operator: Operator, signer: Signer) -> None:
    added = read(operator.token(), signer)
    assert (added.state, added.context.doubt, len(added.id)) == (ContextState.VERIFIED, None, 32)
    told = added.context
    assert (told.service, told.conversation, told.account, told.handle, told.role) == (
        "Northwind Chat",
        "conversation-7",
        "user-81",
        "@alex",
        "contact",
    )
    assert [message.text for message in told.messages] == ["Keep this a secret."]
    assert told.message_ids == ("m-2",), "a message that is there with its words is not named again"


@pytest.mark.parametrize(
    ("algorithm", "kid"),
    [("EdDSA", "ed"), ("EdDSA", ""), ("EdDSA", "unknown"), ("ES256", "ec"), ("ES256", ""), ("ES256", "unknown")],
)
def test_either_algorithm_is_read_by_the_named_key_or_by_any(
    operator: Operator, signer: Signer, algorithm: str, kid: str
) -> None:
    key = operator.edwards if algorithm == "EdDSA" else operator.p256
    assert read(operator.token(key, algorithm, kid), signer).is_verified


def test_an_audience_may_be_one_of_several(operator: Operator, signer: Signer) -> None:
    assert read(operator.token(aud=["https://other.example", US]), signer).is_verified


NOW = int(time.time())
STRANGER, OTHER_CURVE = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())

DOUBTED: dict[str, tuple[Doubt, dict[str, Any]]] = {
    "expired": (Doubt.OLD, {"iat": NOW - 700, "exp": NOW - 100}),
    "expired a moment ago": (Doubt.OLD, {"iat": NOW - 300, "exp": NOW - 2}),
    "good for too long": (Doubt.OLD, {"iat": NOW, "exp": NOW + 3_600}),
    "good for eleven minutes": (Doubt.OLD, {"iat": NOW - 60, "exp": NOW + 601}),
    "from the future": (Doubt.OLD, {"iat": NOW + 4_000, "exp": NOW + 4_300}),
    "not yet good": (Doubt.OLD, {"nbf": NOW + 4_000}),
    "for somebody else": (Doubt.MISADDRESSED, {"aud": "https://other.example"}),
    "for us with a slash": (Doubt.MISADDRESSED, {"aud": US + "/"}),
    "from somebody else": (Doubt.MISADDRESSED, {"iss": "southwind"}),
    "of a stranger": (Doubt.UNSIGNED, {"key": STRANGER}),
    "of a stranger's other key": (Doubt.UNSIGNED, {"key": OTHER_CURVE, "algorithm": "ES256", "kid": "ec"}),
    "by the key of another algorithm": (Doubt.UNSIGNED, {"kid": "ec"}),
    "without a time": (Doubt.INCOMPLETE, {"iat": None}),
    "without an end": (Doubt.INCOMPLETE, {"exp": None}),
    "without an audience": (Doubt.INCOMPLETE, {"aud": None}),
    "without an issuer": (Doubt.INCOMPLETE, {"iss": None}),
    "without a name": (Doubt.INCOMPLETE, {"jti": None}),
    "with an empty name": (Doubt.INCOMPLETE, {"jti": ""}),
    "with a time of words": (Doubt.INCOMPLETE, {"iat": "now"}),
}


@pytest.mark.parametrize("why", sorted(DOUBTED))
def test_what_proves_nothing_is_read_and_doubted(operator: Operator, signer: Signer, why: str) -> None:
    doubt, changed = DOUBTED[why]
    added = read(operator.token(**changed), signer)
    assert (added.state, added.context.doubt, added.id) == (ContextState.UNVERIFIED, doubt, b"")
    assert added.context.conversation == "conversation-7", "staff see what was claimed, marked as doubtful"


def forged(operator: Operator, header: dict[str, Any], **changed: Any) -> str:
    return unsigned(operator.claims | changed, header, operator.token().rpartition(".")[2])


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": ""},
        {},
        {"alg": None},
        {"alg": ["EdDSA"]},
        {"alg": "HS256"},
        {"alg": "HS256", "kid": "ed"},
        {"alg": "RS256"},
        {"alg": "ES384"},
        {"alg": "EdDSA", "kid": {"a": 1}},
        {"alg": "EdDSA", "crit": ["b64"], "b64": False},
    ],
)
def test_no_header_talks_us_into_believing(operator: Operator, signer: Signer, header: dict[str, Any]) -> None:
    for token in (forged(operator, header), unsigned(operator.claims, header)):
        assert read(token, signer).state is ContextState.UNVERIFIED


def test_a_public_key_is_no_secret_to_sign_with(operator: Operator, signer: Signer) -> None:
    """The old confusion: HS256 with what everybody knows."""
    for key in signer.keys:
        token = jwt.encode(operator.claims, str(key["x"]), algorithm="HS256")
        assert read(token, signer).context.doubt is Doubt.UNSIGNED


def test_a_key_that_comes_with_the_token_is_not_asked_for(operator: Operator, signer: Signer) -> None:
    header = {"jwk": public(STRANGER, "ed"), "jku": "https://evil.example/keys", "kid": "ed"}
    token = jwt.encode(operator.claims, STRANGER, algorithm="EdDSA", headers=header)
    assert read(token, signer).context.doubt is Doubt.UNSIGNED


def test_an_app_without_keys_signs_nothing(operator: Operator) -> None:
    added = read(operator.token(), Signer(operator.partner.id, operator.partner.code, ()))
    assert added.context.doubt is Doubt.UNSIGNED


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "....",
        "é.é.é",
        "e30.e30.",
        unsigned({}, {"alg": "EdDSA"}, "AAAA"),
        unsigned([], {"alg": "EdDSA"}, "AAAA"),  # type: ignore[arg-type]
        unsigned({"ctx": "words"}),
        unsigned({"ctx": {"messages": [{"text": 7}]}}),
        "W" * LONGEST,
        "W" * (LONGEST + 1),
        ("[" * 20_000).join(["", "", ""]),
    ],
    ids=range(12),
)
def test_what_is_no_token_adds_nothing_and_breaks_nothing(signer: Signer, token: str) -> None:
    added = read(token, signer)
    assert added.context.is_empty and added.context.doubt is not None


def test_a_token_of_twenty_thousand_brackets_is_no_trouble(operator: Operator, signer: Signer) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("=")
    head = operator.token().partition(".")[0]
    for token in (f"{head}.{deep}.AAAA", f"{deep}.{deep}.AAAA"):
        assert read(token, signer).context.doubt is not None


@pytest.mark.parametrize(
    "ctx",
    [
        None,
        "words",
        {"service": "x" * 201},
        {"messages": [{"text": "x" * 5_001}]},
        {"messages": [{"text": "x"}] * 101},
        {"message_ids": ["x"] * 101},
        {"message_ids": [7]},
        {"reported": "@alex"},
    ],
    ids=range(8),
)
def test_signed_or_not_what_has_another_type_or_size_is_not_taken(
    operator: Operator, signer: Signer, ctx: object
) -> None:
    added = read(operator.token(ctx=ctx), signer)
    assert (added.context.doubt, added.context.is_empty) == (Doubt.INCOMPLETE, True)


def test_what_we_do_not_know_yet_is_passed_over_and_who_reports_is_never_read(
    operator: Operator, signer: Signer
) -> None:
    added = read(operator.token(sub="user-of-the-app", more=[1], ctx={**TOLD, "mood": "bad"}), signer)
    assert added.is_verified
    assert "user-of-the-app" not in added.text


def test_control_characters_and_half_characters_are_no_part_of_it(operator: Operator, signer: Signer) -> None:
    odd = {"service": "a\x00b\ud800c", "messages": [{"text": "one\r\ntwo\x1b[2J"}]}
    added = read(operator.token(ctx=odd), signer)
    assert added.context.service == "a�b?c"
    assert added.context.messages[0].text == "one\ntwo�[2J"
    assert Added.from_text(added.text) == added


def test_two_tokens_have_two_names_and_the_same_name_of_two_apps_is_not_one(operator: Operator, signer: Signer) -> None:
    other = Signer(uuid4(), signer.code, signer.keys)
    first, again = operator.token(jti="one"), operator.token(jti="one", ctx={})
    assert read(first, signer).id == read(again, signer).id != read(first, other).id
    assert read(first, signer).id != read(operator.token(jti="two"), signer).id
