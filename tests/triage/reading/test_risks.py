"""Signs of risk in twelve languages: gentle sentences that have them, and sentences that do not."""

import tomllib
from pathlib import Path

import pytest

from core.details import NOTHING, Details
from core.vocabulary import Age, Danger, Kind, Risk, Sign
from core.web.locale import read_languages
from triage.reading.lexicon import WORDS, languages, lexicon, read_lexicon
from triage.reading.read import Hints, read

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(language, Sign(sign), sentence, wanted == "yes", id=f"{language}-{sign}-{wanted}-{number}")
    for language, signs in SENTENCES.items()
    for sign, by_answer in signs.items()
    for wanted, sentences in by_answer.items()
    for number, sentence in enumerate(sentences)
]


def signs_in(text: str, language: str = "") -> set[Sign]:
    return {one.sign for one in read({"what": text}, NOTHING, Hints(language=language)).signs}


def test_every_language_of_the_site_has_lists_and_sentences_for_every_sign() -> None:
    spoken = {language.code.partition("-")[0] for language in read_languages().values()}
    assert set(languages()) == set(SENTENCES) == spoken
    for language in languages():
        assert set(SENTENCES[language]) == set(Sign)


@pytest.mark.parametrize(("language", "sign", "sentence", "wanted"), CASES)
def test_a_sentence_has_the_sign_or_has_not(language: str, sign: Sign, sentence: str, wanted: bool) -> None:
    assert (sign in signs_in(sentence, language)) is wanted


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("HE IS AT MY DOOR", Sign.DANGER_NOW),
        ("hes at my door", Sign.DANGER_NOW),
        ("i dont want to live anymore", Sign.SUICIDAL),
        ("no quiero vivir", Sign.SUICIDAL),
        ("Er droht mir. ER DROHT!", Sign.THREATS),
        ("il a demande de l argent", Sign.PAYMENT),
        ("يُهَدِّدُنِي بِنَشْرِ الصُّورَةِ", Sign.THREATS),
        ("يـــهـــددني", Sign.THREATS),
        ("він б’є мого брата", Sign.DANGER_NOW),
        ("він бʼє мого брата", Sign.DANGER_NOW),
        ("वह दरवाज़े पर खड़ा है", Sign.DANGER_NOW),
        ("वह दरवाजे पर खडा है", Sign.DANGER_NOW),
        ("woh mujhe milne bula raha hai", Sign.MEETING),
        ("救命！他在門口", Sign.DANGER_NOW),
        ("grozi mi ze wysle zdjecie", Sign.THREATS),
    ],
)
def test_capitals_accents_and_spelling_do_not_matter(text: str, sign: Sign) -> None:
    assert sign in signs_in(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He did not threaten me.", False),
        ("I am not joking, he is at my door.", True),
        ("Do not worry. He threatened me.", True),
        ("I'm not sure but he threatened me and my sister", True),
    ],
)
def test_a_negation_reaches_no_further_than_its_part_of_the_sentence(text: str, wanted: bool) -> None:
    assert bool(signs_in(text, "en") & {Sign.THREATS, Sign.DANGER_NOW}) is wanted


def test_a_text_in_another_language_than_its_page_is_understood() -> None:
    assert Sign.SUICIDAL in signs_in("Ich will nicht mehr leben, bitte helft mir", "en")


def test_answers_are_signs_too() -> None:
    details = Details(age=Age.UNDER_13, kind=Kind.NEARBY, risks=(Risk.MEET, Risk.THREAT, Risk.KNOWN))
    signs = read({}, details, Hints(danger=Danger.YES)).signs
    assert {one.sign for one in signs} == {Sign.DANGER_NOW, Sign.YOUNG, Sign.AT_HOME, Sign.MEETING, Sign.THREATS}
    assert {one.language for one in signs} == {""}


def test_it_is_known_where_a_sign_was_read() -> None:
    text = "Hello. He threatened me."
    (sign,) = read({"what": text}, NOTHING, Hints(language="en")).signs
    assert (text[sign.start : sign.end], sign.field, sign.language) == ("threatened", "what", "en")


@pytest.mark.parametrize(
    ("line", "says"),
    [('"<nobody> is here"', "“nobody”"), ('".. here"', "“.. here”"), ('"he is .."', "begin and end")],
)
def test_a_wrong_line_in_a_list_is_named(tmp_path: Path, line: str, says: str) -> None:
    lists = (WORDS / "en.toml").read_text(encoding="utf-8").replace("danger_now = [", f"danger_now = [{line},", 1)
    file = tmp_path / "en.toml"
    file.write_text(lists, encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        read_lexicon(file)


def test_a_language_without_lists_has_none() -> None:
    assert lexicon("tlh") is None
