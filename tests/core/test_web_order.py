"""The order of names, as readers of each language expect it."""

import pytest

from core.web.locale import Language, read_languages
from core.web.order import Order

LANGUAGES = read_languages()


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Afghanistan", "Åland Islands", "Albania"]),
        ("en", ["Côte d’Ivoire", "Croatia", "Cuba"]),
        ("de", ["Afghanistan", "Ägypten", "Ålandinseln", "Albanien"]),
        ("de", ["Oman", "Österreich", "Pakistan"]),
        ("fr", ["Égypte", "Émirats arabes unis", "Équateur", "Érythrée", "Espagne"]),
        ("pl", ["Liechtenstein", "Litwa", "Luksemburg", "Łotwa", "Macedonia Północna"]),
        ("uk", ["Гаяна", "Гвінея", "Греція"]),
        ("uk", ["Зімбабве", "Ізраїль", "Індія", "Йорданія", "Кабо-Верде"]),
        ("ar", ["أذربيجان", "إسبانيا", "البحرين", "إيران"]),
        ("hi", ["क़तर", "कनाडा", "किरिबाती", "कुवैत", "केन्या"]),
        ("zh-Hans", ["阿富汗", "巴西", "秘鲁", "德国", "意大利", "中国"]),
    ],
)
def test_names_come_in_the_order_a_reader_expects(language: str, names: list[str]) -> None:
    listed = [name for _, name in LANGUAGES[language].countries]
    places = [listed.index(name) for name in names]
    assert places == sorted(places), [listed[place] for place in sorted(places)]


@pytest.mark.parametrize(
    ("language", "name", "letter"),
    [
        ("en", "Åland Islands", "A"),
        ("de", "Österreich", "O"),
        ("pl", "Łotwa", "Ł"),
        ("pl", "Santa Łucja", "S"),
        ("uk", "Йорданія", "Й"),
        ("uk", "Ісландія", "І"),
        ("ar", "أذربيجان", "ا"),
        ("ar", "آيسلندا", "ا"),
        ("hi", "क़तर", "क"),
        ("zh-Hans", "中国", "Z"),
        ("zh-Hans", "秘鲁", "B"),
    ],
)
def test_each_is_listed_under_its_own_alphabets_letter(language: str, name: str, letter: str) -> None:
    assert LANGUAGES[language].order.letter(name) == letter


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_every_letter_is_met_once_on_the_way_through_the_names(language: Language) -> None:
    letters = [language.order.letter(name) for _, name in language.countries]
    assert all(letters)
    assert len(set(letters)) == sum(letter != before for letter, before in zip(letters, ["", *letters], strict=False))


def test_every_chinese_name_has_a_reading() -> None:
    chinese = LANGUAGES["zh-Hans"]
    assert [name for _, name in chinese.countries if not chinese.order.reading(name)] == []


def test_a_word_of_another_script_comes_after_the_languages_own() -> None:
    polish = Order(letters="aąbcł")
    assert sorted(["λ", "łab", "ąb", "ab", "a b"], key=polish.key) == ["a b", "ab", "ąb", "łab", "λ"]
