"""Near-same text without the text: a keyed sketch of its words and pairs of words.

One-permutation MinHash (Li, Owen, Zhang 2012): each piece of the text falls into one of 64 slots, and the smallest
keyed value of each slot is kept. Two texts agree in about as many slots as they share of their pieces. Three slots
together are a band: texts that agree in one are compared at all (locality-sensitive hashing).
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from triage.bundling.blind import Blinder

SLOTS = 64
BANDS = 8
ROWS = 3
LEAST_WORDS = 12
LEAST_LETTERS = 40
"""A shorter text says too little to bundle by: "He asks me for pictures" is many people's story."""
_SHORT = 3  # letters; shorter words are in every text of a language, and count in pairs only
_WORD = 2**64 - 1
_LAST = SLOTS - 1
_ODD = 0x9E3779B97F4A7C15  # tokens are secret, so this need not be
_BAND = struct.Struct(f">B{ROWS}Q")


@dataclass(frozen=True, slots=True)
class Sketch:
    """`bands` find candidates, `slots` (a byte each) tell how alike two texts are."""

    bands: tuple[int, ...]
    slots: bytes


class Sketcher:
    """Sketches of one agency. What it remembers of words is forgotten with it, after a batch."""

    def __init__(self, blinder: Blinder) -> None:
        self._blinder = blinder
        self._tokens = _Tokens(blinder)

    def sketch(self, words: Sequence[str]) -> Sketch | None:
        """None when the words are too few to tell texts apart."""
        if not says_enough(words):
            return None
        smallest = _filled({value & _LAST: value for value in sorted(self._pieces(words), reverse=True)})
        bands = (_BAND.pack(i, *smallest[i * ROWS : (i + 1) * ROWS]) for i in range(BANDS))
        return Sketch(
            tuple(self._blinder.blind(b"band" + band) for band in bands), bytes(value >> 56 for value in smallest)
        )

    def _pieces(self, words: Sequence[str]) -> set[int]:
        """Keyed values of the longer words, and of all neighbours."""
        tokens = self._tokens
        found = [tokens[word] for word in words]
        pieces = {a * _ODD + b & _WORD for a, b in pairwise(found)}
        pieces.update(tokens[word] for word in words if len(word) > _SHORT)
        return pieces


def says_enough(words: Sequence[str]) -> bool:
    """Whether there are enough different words; where a letter is a word, the letters are counted twice over."""
    return len(set(words)) >= LEAST_WORDS and sum(map(len, words)) >= min(LEAST_LETTERS, 2 * LEAST_WORDS)


def likeness(one: bytes, other: bytes) -> float:
    """The share of slots that agree: an estimate of the share of pieces that two texts have in common."""
    agree = sum(mine == theirs for mine, theirs in zip(one, other, strict=True))
    return agree / SLOTS


class _Tokens(dict[str, int]):
    def __init__(self, blinder: Blinder) -> None:
        super().__init__()
        self._blinder = blinder

    def __missing__(self, word: str) -> int:
        token = self[word] = self._blinder.token(word)
        return token


def _filled(smallest: Mapping[int, int]) -> list[int]:
    """Every slot; an empty one takes the value of the next that is not, changed by how far away that is."""
    filled = [0] * SLOTS
    value = smallest[min(smallest)] + min(smallest) * _ODD
    for slot in range(_LAST, -1, -1):
        value = filled[slot] = smallest[slot] if slot in smallest else value + _ODD & _WORD
    return filled
