"""Words as they are compared: small, without accents, vowel marks or spelling habits; a Chinese character is a word.

Arabic loses its vowel marks and tatweel, and its alefs, yas and kafs become one each. Ukrainian loses its apostrophes,
Devanagari its nuktas. Accents are lost everywhere, since children leave them out.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

STOP, PAUSE = ".", ","
LONGEST_FOLD = 3  # some Arabic signs stand for a whole sentence: a text of them would grow eighteenfold
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN_NUMBER = "〇零一二两兩三四五六七八九十"
_LETTER = rf"(?:[^\W\d_{HAN}]|[\u0900-\u0963\u0971-\u097f])"
_STOPS, _PAUSES = ".!?…\n।۔؟。！？", ',;:،؛，；：、()（）–—"«»“”'
_WORD = re.compile(
    rf"[{_HAN_NUMBER}]+(?=岁)|[{HAN}]|[0-9]+|{_LETTER}+(?:'{_LETTER}+)*|[{re.escape(_STOPS)}]+|[{re.escape(_PAUSES)}]+"
)
_ASCII_WORD = re.compile(r"[0-9]+|[a-z]+(?:'[a-z]+)*|[.!?\n]+|[,;:()\"]+")
_MARKS = {**dict.fromkeys(_STOPS, STOP), **dict.fromkeys(_PAUSES, PAUSE)}
_ALIKE = {
    **dict.fromkeys("ىی", "ي"),
    **dict.fromkeys("کﻙ", "ك"),
    **dict.fromkeys("’ʼ‘`´", "'"),
    **dict.fromkeys("ـ\u200b\u200c\u200d\u00ad\ufeff\u2060\u200e\u200f", ""),
    "ة": "ه",
    "ٱ": "ا",
    "ँ": "ं",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "ґ": "г",
    "歲": "岁",
}
_FOLDED_RANGES = ((0x80, 0xA00), (0x1E00, 0x2000), (0xFB50, 0xFE00), (0xFE70, 0xFF00), (0xFF01, 0xFFEF))
_ENGLISH_ENDINGS = {"s": "is", "re": "are", "m": "am", "ve": "have", "ll": "will", "d": "would", "t": "not"}
_BEFORE_NOT = {"can": "can", "won": "will", "shan": "shall"}
_NUKTA = 7


def folded(text: str) -> str:
    """A text with its letters as they are compared."""
    return text.lower() if text.isascii() and "`" not in text else text.lower().translate(_FOLDS)


def words_of(text: str) -> list[str]:
    """Every word, and STOP and PAUSE where a sentence or a part of one ends. Linear in the text."""
    flat = folded(text)
    found: list[str] = _pattern(flat).findall(flat)
    if "'" in flat:
        return [word for raw in found for word in _words(raw)]
    return [_MARKS.get(raw[0], raw) for raw in found]


def span_of(text: str, first: int, last: int) -> tuple[int, int]:
    """Where these of `words_of` were written, from the beginning of the first to the end of the last."""
    if _UNEVEN.search(text):
        origin: Sequence[int] = [place for place, letter in enumerate(text) for _ in folded(letter)]
        flat = "".join(map(folded, text))
    else:
        origin, flat = range(len(text)), folded(text)
    every = (match for match in _pattern(flat).finditer(flat) for _ in _words(match[0]))
    wanted = list(islice(every, first, last + 1))
    return origin[wanted[0].start()], origin[wanted[-1].end() - 1] + 1


def is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _pattern(flat: str) -> re.Pattern[str]:
    return _ASCII_WORD if flat.isascii() else _WORD


def _words(raw: str) -> tuple[str, ...]:
    if raw[0] in _MARKS:
        return (_MARKS[raw[0]],)
    return (raw,) if "'" not in raw else tuple(_parted(raw.split("'")))


def _parted(parts: list[str]) -> Iterator[str]:
    """An apostrophe parts words in English and in the Romans' languages, and stands inside one in Ukrainian.

    `don't` is `do not`, `he's` is `he is`, `l'ami` is two words.
    """
    if not parts[0].isascii():
        yield "".join(parts)
        return
    *first, last = parts
    if last == "t" and first[-1].endswith("n"):
        yield from (*first[:-1], _BEFORE_NOT.get(first[-1], first[-1][:-1]), "not")
    else:
        yield from (*first, _ENGLISH_ENDINGS.get(last, last))


def _folds() -> Mapping[int, str]:
    codes = (code for low, high in _FOLDED_RANGES for code in range(low, high))
    table = {code: fold for code in codes if (fold := _fold(chr(code))) != chr(code) and len(fold) <= LONGEST_FOLD}
    return table | {ord(letter): fold for letter, fold in _ALIKE.items()}


def _fold(letter: str) -> str:
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    parts = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(_ALIKE.get(part, part) for part in parts if not _is_accent(part))


def _is_accent(letter: str) -> bool:
    """Marks above and below a letter; the vowel signs of Devanagari are letters, but for the nukta."""
    order = unicodedata.combining(letter)
    return order >= 27 or order == _NUKTA


_FOLDS = _folds()
_UNEVEN = re.compile("[" + "".join(re.escape(chr(code)) for code, fold in _FOLDS.items() if len(fold) != 1) + "İ]")
