"""A text as the words it is compared by, in any script: how it was typed is left out, what was said stays.

Case, accents, vowel marks, width, punctuation and invisible letters go. Scripts that write without spaces (Chinese,
Japanese, Thai and their like) give one word for each letter. Links and addresses are left out: they are evidence of
their own.
"""

import re
import unicodedata

LONGEST = 20_000  # characters; nobody writes more, and what a flood adds behind is not looked at
_NAMED = re.compile(r"[!-~]*(?:://|www\.|@|\[\.\])[!-~]*")
_NAMING = ("://", "www.", "@", "[.]")
_ASCII_WORD = re.compile("[a-z0-9]+")
_STOPS = "\u0964\u0965\u0970"
_INDIAN = "\u0900-\u0963\u0966-\u096f\u0971-\u0dff"  # vowel signs are no letters to Python
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:[^\W_{_UNSPACED}{_STOPS}]|[{_INDIAN}])+")
_JOINED = re.compile("[\u0640\u200b-\u200f\u2060\u00ad'’ʼ`]+")
_SPELLED_ALIKE = str.maketrans("ىیکةأإآٱ", "ييكهاااا")
_VIRAMA, _NUKTA = 9, 7
_REMEMBERED = 0xA000


def words_of(text: str) -> list[str]:
    """The words in their order. Linear in the text."""
    plain = _without_links(text[:LONGEST])
    if plain.isascii():
        return _ASCII_WORD.findall(plain.replace("'", "").lower())
    return _WORD.findall(_JOINED.sub("", _folded(plain)))


def _without_links(text: str) -> str:
    return _NAMED.sub(" ", text) if any(sign in text for sign in _NAMING) else text


def _folded(text: str) -> str:
    """Compatibility forms as one, without accents and vowel marks; the vowel signs of Indian scripts are letters."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_WITHOUT_MARKS)
    return unicodedata.normalize("NFC", letters).translate(_SPELLED_ALIKE)


class _WithoutMarks(dict[int, int | None]):
    """For `str.translate`: every letter as it is, marks gone. Those of most scripts are looked at once."""

    def __missing__(self, code: int) -> int | None:
        kept = None if _is_mark(chr(code)) else code
        if code < _REMEMBERED:
            self[code] = kept
        return kept


_WITHOUT_MARKS = _WithoutMarks()


def _is_mark(letter: str) -> bool:
    order = unicodedata.combining(letter)
    return order > _VIRAMA or order == _NUKTA
