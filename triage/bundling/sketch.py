"""Near-same text without the text: a keyed sketch of its words, and keyed values to look it up by.

A longer word is one bit of 1,024, by its keyed value, and so are two letters of a script without spaces: the share of
bits that two texts have in common is how alike they are.
To find candidates at all, pairs of neighbouring words fall into slots by their keyed values and each slot keeps its
smallest (one-permutation MinHash; Li, Owen, Zhang 2012). Slots together are a band: texts that agree in a band are
compared (locality-sensitive hashing).
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.models.bundle import BANDS
from triage.bundling.blind import Blinder

BITS = 1024
ROWS = 3
SLOTS = BANDS * ROWS
MOST_WORDS = 500
LEAST_WORDS = 8
"""Different longer ones. A shorter text says too little: "He asks me for pictures" is many people's story."""
SHORT_WORDS = 16
_SHORT = 3  # letters; shorter words are in every text of a language, and of Latin script so are those of three
_ASCII = "\x7f"
_WORD = 2**64 - 1
_ODD = 0x9E3779B97F4A7C15  # tokens are secret, so this need not be
_BAND = struct.Struct(f">B{ROWS}Q")


@dataclass(frozen=True, slots=True)
class Sketch:
    """`bands` find candidates, `words` (a bit for each) tells how alike two texts are."""

    bands: tuple[int, ...]
    words: bytes


class Sketcher:
    """Sketches of one agency. What it remembers of words is forgotten with it, after a batch."""

    def __init__(self, blinder: Blinder) -> None:
        self._blinder = blinder
        self._tokens = _Tokens(blinder)

    def sketch(self, words: Sequence[str]) -> Sketch | None:
        """None when the words are too few to tell texts apart."""
        tokens, said = self._tokens, words[:MOST_WORDS]
        found = [tokens[word] for word in said]
        telling = self._telling(said)
        if len(telling) < LEAST_WORDS:
            return None
        return Sketch(self._bands({a * _ODD + b & _WORD for a, b in pairwise(found)}), _bits(telling))

    def _telling(self, said: Sequence[str]) -> set[int]:
        """The longer words; in a script without spaces two neighbours are about a word."""
        tokens = self._tokens
        if "".join(said).isascii():
            return {tokens[word] for word in set(said) if len(word) > _SHORT}
        longer = (word for word in set(said) if len(word) > _SHORT or (len(word) == _SHORT and word > _ASCII))
        telling = {tokens[word] for word in longer}
        if any(len(word) == 1 and word > _ASCII for word in said):
            telling.update(tokens[a] * _ODD + tokens[b] & _WORD for a, b in pairwise(said) if len(a) == len(b) == 1)
        return telling

    def _bands(self, pairs: Iterable[int]) -> tuple[int, ...]:
        smallest = _filled(_smallest(pairs))
        bands = (_BAND.pack(i, *smallest[i * ROWS : (i + 1) * ROWS]) for i in range(BANDS))
        return tuple(self._blinder.blind(b"band" + band) for band in bands)


def likeness(one: bytes, other: bytes) -> float:
    """The share of their words that two texts have in common."""
    mine, theirs = int.from_bytes(one), int.from_bytes(other)
    return (mine & theirs).bit_count() / (mine | theirs).bit_count()


def replaced(one: bytes, other: bytes) -> float:
    """The share of words that one text has in place of the other's. What is only left out or added replaces nothing."""
    mine, theirs = int.from_bytes(one), int.from_bytes(other)
    return min((mine & ~theirs).bit_count(), (theirs & ~mine).bit_count()) / (mine | theirs).bit_count()


def is_short(sketch: bytes) -> bool:
    """Few words are alike sooner."""
    return int.from_bytes(sketch).bit_count() < SHORT_WORDS


class _Tokens(dict[str, int]):
    def __init__(self, blinder: Blinder) -> None:
        super().__init__()
        self._blinder = blinder

    def __missing__(self, word: str) -> int:
        token = self[word] = self._blinder.token(word)
        return token


def _bits(tokens: Iterable[int]) -> bytes:
    bits = 0
    for token in tokens:
        bits |= 1 << token % BITS
    return bits.to_bytes(BITS // 8)


def _smallest(values: Iterable[int]) -> dict[int, int]:
    """Of each slot."""
    found: dict[int, int] = {}
    for value in values:
        slot = value % SLOTS
        if value <= found.get(slot, value):
            found[slot] = value
    return found


def _filled(smallest: Mapping[int, int]) -> list[int]:
    """Every slot; an empty one takes the value of the next that is not, changed by how far away that is."""
    filled = [0] * SLOTS
    value = smallest[min(smallest)] + min(smallest) * _ODD
    for slot in range(SLOTS - 1, -1, -1):
        value = filled[slot] = smallest[slot] if slot in smallest else value + _ODD & _WORD
    return filled
