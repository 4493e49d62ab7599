"""One language's word lists, compiled: the rarest word of each sign of risk, and what must stand around it."""

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, takewhile
from pathlib import Path

from core.vocabulary import Sign
from triage.reading.folding import PAUSE, STOP, folded
from triage.reading.language import rarity
from triage.reading.lists import HERE
from triage.reading.patterns import BETWEEN, Part, read_pattern

WORDS = HERE / "words"


DIGITS = frozenset("0123456789")
HEADS = (3, 2)
"""Letters of a beginning by which it is looked for: no list has a shorter one."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What must stand in a row for a sign. `anchor` is its rarest word: what stands before it is kept backwards.

    One of `needs`, if there are any, must be in the text besides.

    One that begins with who acts is not taken back by what stands before: that is another sentence.
    """

    sign: Sign
    before: tuple[Part, ...]
    anchor: Part
    after: tuple[Part, ...]
    needs: frozenset[str]
    begins_with_actor: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`reach` is how many words before and after a sign one of the `negations` takes it back."""

    language: str
    by_word: Mapping[str, Sequence[Pattern]]
    by_head: Mapping[str, Sequence[Pattern]]
    heads: Sequence[int]
    ages: Sequence[Pattern]
    numbers: frozenset[str]
    same: Mapping[str, Sequence[str]]
    negations: frozenset[str]
    turns: frozenset[str]
    reach: tuple[int, int]
    between: int

    def find(self, words: Sequence[str], known: Container[Sign]) -> Iterator[tuple[Sign, int, int]]:
        """Every sign not `known` yet, as (sign, first word, one past the last). Linear in the words."""
        present = frozenset(words)
        for place, pattern in self._anchored(words, present):
            if pattern.sign in known or (pattern.needs and pattern.needs.isdisjoint(present)):
                continue
            start = self._end(words, place - 1, pattern.before, -1)
            end = None if start is None else self._end(words, place + 1, pattern.after, 1)
            if start is not None and end is not None and not self._is_taken_back(words, start + 1, end, pattern):
                yield pattern.sign, start + 1, end

    def _anchored(self, words: Sequence[str], present: frozenset[str]) -> Iterator[tuple[int, Pattern]]:
        """Every place where a pattern's rarest word stands; most words of a text are no pattern's."""
        telling = {word: found for word in self._looked_for(present) if (found := self._patterns_of(word))}
        if telling:
            yield from ((place, one) for place, word in enumerate(words) for one in telling.get(word, ()))

    def _looked_for(self, present: frozenset[str]) -> set[str]:
        heads = self.by_head
        found = {word for length in self.heads for word in present if word[:length] in heads}
        found.update(word for word in present if word[0] in DIGITS)
        return found | (present & self.by_word.keys())

    def _patterns_of(self, word: str) -> list[Pattern]:
        found = list(self.by_word.get(word, ()))
        for length in self.heads:
            found += (one for one in self.by_head.get(word[:length], ()) if word.startswith(one.anchor.starts))
        if word[0] in DIGITS:
            found += (one for one in self.ages if one.anchor.fits(word, self.numbers))
        return found

    def _end(self, words: Sequence[str], place: int, parts: Sequence[Part], step: int) -> int | None:
        """The place after the last word when these parts follow in this direction. A gap takes as little as it can."""
        for number, part in enumerate(parts):
            if part.gap:
                return self._beyond_gap(words, place, parts[number + 1 :], step)
            if not 0 <= place < len(words) or not part.fits(words[place], self.numbers):
                return None
            place += step
        return place

    def _beyond_gap(self, words: Sequence[str], place: int, parts: Sequence[Part], step: int) -> int | None:
        """What stands between is of the same sentence and denies nothing; a comma does not count."""
        room = self.between
        while room >= 0:
            end = self._end(words, place, parts, step)
            if end is not None or not 0 <= place < len(words) or words[place] == STOP or words[place] in self.negations:
                return end
            room -= words[place] != PAUSE
            place += step
        return None

    def _is_taken_back(self, words: Sequence[str], start: int, end: int, pattern: Pattern) -> bool:
        """Whether a word of negation stands close by in the same part of the sentence."""
        before, after = self.reach
        earlier = [] if pattern.begins_with_actor else reversed(words[max(start - before, 0) : start])
        later = words[end : end + after]
        near = chain(takewhile(self._goes_on, earlier), takewhile(self._goes_on, later))
        return not self.negations.isdisjoint(near)

    def _goes_on(self, word: str) -> bool:
        return word not in (STOP, PAUSE) and word not in self.turns


@cache
def lexicon(language: str) -> Lexicon | None:
    """The lists of this language, or None when it has none."""
    file = WORDS / f"{language}.toml"
    return read_lexicon(file) if file.is_file() else None


@cache
def languages() -> Sequence[str]:
    return sorted(path.stem for path in WORDS.glob("*.toml"))


def read_lexicon(file: Path) -> Lexicon:
    """Raises ValueError, naming the pattern, for what is not in the lists' small language."""
    lists = tomllib.loads(file.read_text(encoding="utf-8"))
    actor = f"<{next(iter(lists['groups']))}>"
    patterns = [
        _pattern(Sign(sign), parts, file.stem, line.startswith(actor))
        for sign, lines in lists["signs"].items()
        for line in lines
        for parts in read_pattern(line, lists["groups"])
    ]
    numbers = frozenset(map(folded, lists["numbers"]))
    by_head = _grouped((_head(start), pattern) for pattern in patterns for start in pattern.anchor.starts)
    negation = lists["negation"]
    return Lexicon(
        language=file.stem,
        by_word=_grouped((word, pattern) for pattern in patterns for word in _anchors(pattern, numbers)),
        by_head=by_head,
        heads=sorted({len(head) for head in by_head}),
        ages=[pattern for pattern in patterns if pattern.anchor.young],
        numbers=numbers,
        same={folded(word): instead.split() for word, instead in lists.get("same", {}).items()},
        negations=frozenset(map(folded, negation["words"])),
        turns=frozenset(map(folded, negation["until"])),
        reach=(negation["before"], negation["after"]),
        between=lists.get("between", BETWEEN),
    )


def _anchors(pattern: Pattern, numbers: frozenset[str]) -> Iterable[str]:
    """The whole words that a pattern is looked for by."""
    return pattern.anchor.words | numbers if pattern.anchor.young else pattern.anchor.words


def _head(start: str) -> str:
    return start[: HEADS[0]] if len(start) >= HEADS[0] else start[: HEADS[1]]


def _pattern(sign: Sign, parts: Sequence[Part], language: str, begins_with_actor: bool) -> Pattern:
    places = [place for place, part in enumerate(parts) if not part.gap]
    anchor = min(places, key=lambda place: _commonness(parts[place], language))
    before, after = tuple(reversed(parts[:anchor])), tuple(parts[anchor + 1 :])
    whole = [part.words for part in (*before, *after) if part.words and not part.starts]
    needs = min(whole, key=len, default=frozenset())
    return Pattern(sign, before, parts[anchor], after, needs, begins_with_actor)


def _commonness(part: Part, language: str) -> int:
    """How often a part's words are met, roughly."""
    return sum(rarity(word, language) for word in part.words) + 2 * len(part.starts) + 3 * part.young


def _grouped(pairs: Iterable[tuple[str, Pattern]]) -> Mapping[str, Sequence[Pattern]]:
    grouped: dict[str, list[Pattern]] = {}
    for key, pattern in pairs:
        if pattern not in grouped.setdefault(key, []):
            grouped[key].append(pattern)
    return grouped
