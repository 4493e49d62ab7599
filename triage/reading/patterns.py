"""The small language of the word lists, and how it is compiled.

`kill* me`     words in a row; `*` stands for any ending
`(he|she) is`  one of these; a choice may be several words
`<he> is`      one of the group `he` of the same file
`come .. here` up to four words may stand between (`between` in the file), none of them a negation
`{young}`      a number from 3 to 12, in digits or as one of the file's `numbers`

A sign is taken back by one of `negation.words` in the few words before it, or after it, in the same part of a sentence;
a comma or one of `negation.until` ends a part.
The first group of a file is who acts: a sign that begins with it is not taken back by what stands before.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.reading.folding import PAUSE, STOP, words_of

BETWEEN = 4
YOUNG = range(3, 13)
_PART = re.compile(r"\([^)]*\)|<[^<>]+>|\{young\}|\.\.|[^\s()<>{}]+")

_CHOICES = re.compile(r"\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a pattern: any of these words, or of these beginnings, or a child's age; or a gap."""

    words: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    young: bool = False
    gap: bool = False

    def fits(self, word: str, numbers: frozenset[str]) -> bool:
        return (
            word in self.words
            or (self.starts and word.startswith(self.starts))
            or (self.young and (word in numbers or (word.isdecimal() and len(word) < 3 and int(word) in YOUNG)))
        )


def read_pattern(pattern: str, groups: Mapping[str, Sequence[str]]) -> Iterator[list[Part]]:
    """The parts of a pattern, once for each choice of several words. Raises ValueError, naming the pattern."""
    for variant in _variants(pattern):
        yield _parsed(variant, groups)


def _variants(pattern: str) -> Iterator[str]:
    for found in _CHOICES.finditer(pattern):
        choices = found[1].split("|")
        long = [choice for choice in choices if len(_tokens(choice)) > 1]
        if long:
            short = "|".join(choice for choice in choices if choice not in long)
            for choice in [*long, *[f"({short})"] * bool(short)]:
                yield from _variants(pattern[: found.start()] + choice + pattern[found.end() :])
            return
    yield pattern


def _parsed(pattern: str, groups: Mapping[str, Sequence[str]]) -> list[Part]:
    parts = [part for text in _PART.findall(pattern) for part in _parts(text, groups, pattern)]
    if not parts or parts[0].gap or parts[-1].gap:
        raise ValueError(f"“{pattern}” must begin and end with a word")
    return parts


def _parts(text: str, groups: Mapping[str, Sequence[str]], pattern: str) -> Iterator[Part]:
    if text == "..":
        yield Part(gap=True)
    elif text == "{young}":
        yield Part(young=True)
    elif text[0] == "<":
        if text[1:-1] not in groups:
            raise ValueError(f"“{pattern}” names the group “{text[1:-1]}”, which is not in its file")
        yield _any_of(groups[text[1:-1]])
    elif text[0] == "(":
        yield _any_of(text[1:-1].split("|"))
    else:
        yield from _words(text)


def _words(text: str) -> Iterator[Part]:
    """One written word may be several: each character of Chinese, both halves of a contraction."""
    *first, last = _tokens(text.rstrip("*"))
    for word in first:
        yield Part(words=frozenset({word}))
    yield Part(starts=(last,)) if text.endswith("*") else Part(words=frozenset({last}))


def _any_of(choices: Sequence[str]) -> Part:
    words = [_one_token(choice) for choice in choices if not choice.endswith("*")]
    return Part(frozenset(words), tuple(_one_token(choice[:-1]) for choice in choices if choice.endswith("*")))


def _one_token(choice: str) -> str:
    words = _tokens(choice)
    if len(words) != 1:
        raise ValueError(f"“{choice}” is several words: a choice is one")
    return words[0]


def _tokens(text: str) -> list[str]:
    words = [word for word in words_of(text) if word not in (STOP, PAUSE)]
    if not words:
        raise ValueError(f"“{text}” is no word")
    return words
