"""Which language a text is in: by its script and its commonest words, or unknown."""

import tomllib
from pathlib import Path

import pytest

from triage.reading.folding import words_of
from triage.reading.found import Tongue
from triage.reading.language import evidence_in, tongue_of

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
KEEP_A_SECRET = {
    "en": "Someone on a game asked me to keep a secret.",
    "de": "Jemand hat mich gebeten, ein Geheimnis zu bewahren.",
    "es": "Alguien me pidió guardar un secreto.",
    "fr": "Quelqu'un m'a demandé de garder un secret.",
    "hi": "किसी ने मुझसे राज़ रखने को कहा।",
    "it": "Qualcuno mi ha chiesto di mantenere un segreto.",
    "nl": "Iemand vroeg me om een geheim te bewaren.",
    "pl": "Ktoś poprosił mnie, żebym zachował tajemnicę.",
    "pt": "Alguém me pediu para guardar um segredo.",
    "uk": "Хтось попросив мене зберегти таємницю.",
    "zh": "有人让我保守秘密。",
    "ar": "شخص ما طلب مني أن أحتفظ بسر.",
    "ru": "Кто-то попросил меня сохранить тайну.",
    "bg": "Някой ме помоли да запазя тайна, но аз не искам това.",
    "fa": "کسی از من خواست رازی را نگه دارم",
    "ur": "کسی نے مجھ سے راز رکھنے کو کہا",
    "mr": "कोणीतरी मला गुपित ठेवायला सांगितले आहे.",
    "ja": "だれかに秘密を守るように言われました。",
    "ko": "누군가 저에게 비밀을 지키라고 했어요.",
}


def tongue(text: str, expected: str = "") -> Tongue:
    return tongue_of(evidence_in(text, words_of(text), expected))


@pytest.mark.parametrize(("language", "text"), KEEP_A_SECRET.items())
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    assert tongue(text).language == language


@pytest.mark.parametrize("text", ["", "12345", "ok", "…", "xyzzy plugh", "kate_99"])
def test_what_does_not_tell_is_unknown(text: str) -> None:
    assert tongue(text).language == ""


def test_short_sentences_are_told_or_unknown_and_hardly_ever_taken_for_another() -> None:
    told = [
        (language, tongue(sentence).language)
        for language, signs in SENTENCES.items()
        for by_answer in signs.values()
        for sentences in by_answer.values()
        for sentence in sentences
    ]
    wrong = [pair for pair in told if pair[1] not in (pair[0], "")]
    right = [pair for pair in told if pair[1] == pair[0]]
    assert len(wrong) <= len(told) / 100 and len(right) >= len(told) * 0.75


def test_the_language_of_the_page_tips_the_scales() -> None:
    assert tongue("Me quiere", "es").language == "es"


@pytest.mark.parametrize(
    ("text", "script"),
    [("hello", "Latn"), ("привіт", "Cyrl"), ("مرحبا", "Arab"), ("नमस्ते", "Deva"), ("你好", "Hani"), ("123", "")],
)
def test_its_script_is_known(text: str, script: str) -> None:
    assert tongue(text).script == script
