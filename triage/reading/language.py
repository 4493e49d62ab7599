"""Which language a text is in: by its script, letters that few languages have, and the commonest words of each.

No answer is an answer: what is short or mixed stays unknown.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from triage.reading.folding import folded, words_of
from triage.reading.found import Tongue
from triage.reading.lists import HERE
from triage.reading.scripts import HAN, HANGUL, KANA, LATIN, SCRIPTS, script_of

SAMPLE = 4000  # characters
WORDS = 400
COMMONEST = 50
ENOUGH = {LATIN: 1.5}  # elsewhere the script has said most of it
CLEAR = 1.25
NEAR = 0.6
EXPECTED = 1.3  # the language of the page it was written on counts for more
LETTER, MOST_FOR_LETTERS = 0.5, 6
ALONE = {HANGUL: "ko", KANA: "ja", "Grek": "el", "Hebr": "he", "Thai": "th", "Armn": "hy"}


class Evidence(NamedTuple):
    """What speaks for each language, and the script."""

    script: str
    points: Mapping[str, float]


def evidence_in(text: str, words: Sequence[str], expected: str = "") -> Evidence:
    """From a text and its words; the language of the page it was written on is `expected`."""
    sample = text[:SAMPLE]
    script = _script_of(sample)
    points = _points(sample, words[:WORDS], script)
    if expected in points:
        points[expected] *= EXPECTED
    return Evidence(script, points)


def tongue_of(evidence: Evidence) -> Tongue:
    """The language and script; either is empty when it is not clear."""
    script, points = evidence
    if script in ALONE:
        return Tongue(ALONE[script], script, 1.0)
    if not points:
        return Tongue("", script)
    (best, most), *others = sorted(points.items(), key=lambda language: -language[1])
    share = round(most / sum(points.values()), 2)
    if most < ENOUGH.get(script, 1.0) or (others and most < CLEAR * others[0][1]):
        return Tongue("", script, share)
    return Tongue(best.partition("-")[0], script, share)


def candidates(evidence: Evidence) -> list[str]:
    """Every language it may well be, likeliest first: whoever looks for danger looks in all of them."""
    points = evidence.points
    ordered = sorted(points, key=lambda language: -points[language])
    near = [language for language in ordered if points[language] >= NEAR * points[ordered[0]]]
    return list(dict.fromkeys(language.partition("-")[0] for language in near))


def is_common_word(word: str) -> bool:
    """Whether it is one of the commonest words of a language."""
    return folded(word) in _languages_by_word()


def rarity(word: str, language: str) -> int:
    """How often a folded word is met in a language, roughly: 10 for the commonest, 1 for what is in no list."""
    common = _table()[language][1]
    return 1 if word not in common else 10 if common[word] < COMMONEST else 3


def _script_of(sample: str) -> str:
    """The script of most letters; a Chinese or Japanese one counts double, since its words are short."""
    if sample.isascii():
        return LATIN if any(map(str.isalpha, sample)) else ""
    counts = dict.fromkeys(SCRIPTS, 0)
    for letter, count in Counter(sample).items():
        if letter_script := script_of(letter):
            counts[letter_script] += count
    counts[HAN] *= 2
    if counts[KANA] * 8 > counts[HAN] and counts[KANA]:
        return KANA
    script = max(counts, key=lambda name: counts[name])
    return script if counts[script] else ""


def _points(sample: str, words: Sequence[str], script: str) -> dict[str, float]:
    """A point for each common word, shared among the languages that have it, and half a one for each rare letter."""
    points: dict[str, float] = {}
    for shared, count in Counter(filter(None, map(_languages_by_word().get, words))).items():
        for language in shared:
            points[language] = points.get(language, 0) + count / len(shared)
    small = "" if sample.isascii() else sample.lower()
    for language, letters in _rare_letters(script) if small else ():
        found = len(letters.findall(small))
        if found:
            points[language] = points.get(language, 0) + LETTER * min(found, MOST_FOR_LETTERS)
    return {language: count for language, count in points.items() if _table()[language][0] == script}


@cache
def _table() -> Mapping[str, tuple[str, Mapping[str, int], str]]:
    """Script, commonest words with their rank, and rare letters of each language."""
    rows = tomllib.loads((HERE / "languages.toml").read_text(encoding="utf-8"))
    return {
        language: (row["script"], _ranked(words_of(row["words"])), row["letters"]) for language, row in rows.items()
    }


def _ranked(words: Sequence[str]) -> Mapping[str, int]:
    return {word: rank for rank, word in reversed(list(enumerate(words)))}


@cache
def _languages_by_word() -> Mapping[str, tuple[str, ...]]:
    words = {word for _, own, _ in _table().values() for word in own}
    return {word: tuple(name for name, (_, own, _) in _table().items() if word in own) for word in words}


@cache
def _rare_letters(script: str) -> Sequence[tuple[str, re.Pattern[str]]]:
    """Of the languages that are written in this script."""
    rows = _table().items()
    return [(name, re.compile(f"[{letters}]")) for name, (own, _, letters) in rows if letters and own == script]


def language_names() -> Iterator[str]:
    """Every language that can be told apart."""
    yield from dict.fromkeys(name.partition("-")[0] for name in _table())
