"""Whose name it is on which platform, said in words: "kate_99 on snapchat", "her insta is kate.99", "snap: kate"."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from core.vocabulary import IdentifierKind, Sure
from triage.reading.finding import COVER, Finding
from triage.reading.folding import folded, is_han
from triage.reading.handles import canonical, canonical_name, names
from triage.reading.language import is_common_word
from triage.reading.lists import folded_words_in

REACH = 7  # words and marks between a platform and a name
MOST_PIECES = 6_000
QUOTES = "\"'“”„«»‘’「」『』`"
_PIECE = re.compile(
    r"@?[A-Za-z0-9_\u00c0-\u024f](?:[A-Za-z0-9_.\-\u00c0-\u024f]*[A-Za-z0-9_\u00c0-\u024f])?|[\u3400-\u9fff]"
    rf"|(?:[^\W\d_A-Za-z\u3400-\u9fff]|[\u0900-\u0963\u064b-\u0652])+|[:=：(（]|[.!?\n。！？؟।…]|[,;،，；{COVER}]"
)
_ON, _NAMING, _LINKING = (folded_words_in("phrases.toml", key) for key in ("on", "naming", "linking"))
_COLONS, _BRACKETS = frozenset(":=："), frozenset("(（")
_BREAKS = frozenset(".!?\n。！？؟।…,;،，；" + COVER)
_AMOUNT = re.compile(r"\d+[^\W\d_]{1,4}$|[a-z]\.[a-z]\.?$|\d+[.-]\d+", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_\u00c0-\u024f][A-Za-z0-9_.\-\u00c0-\u024f]{1,63}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a mark, folded and as written."""

    word: str
    written: str
    start: int
    end: int


def find_named(text: str) -> Iterator[Finding]:
    """Names that stand beside a platform's. Linear: from each platform it looks a few words to both sides."""
    pieces = [
        Piece(folded(match[0]), match[0], match.start(), match.end())
        for match in islice(_PIECE.finditer(text), MOST_PIECES)
    ]
    for first, end, platform in _platforms_in(pieces):
        named = first > 0 and pieces[first - 1].word in _NAMING
        found = _after(text, pieces[end : end + REACH], named) or _before(text, pieces[max(first - REACH, 0) : first])
        if found:
            piece, sure = found
            name = canonical_name(piece.written)
            start = piece.start + (piece.written[0] == "@")
            yield Finding(IdentifierKind.HANDLE, canonical(name, platform), start, piece.end, sure, platform=platform)


def _platforms_in(pieces: Sequence[Piece]) -> Iterator[tuple[int, int, str]]:
    """Where a platform is named, and which."""
    known, starts = _known()
    for place, piece in enumerate(pieces):
        if piece.word[:1] not in starts:
            continue
        for length in (4, 3, 2, 1):
            name = "".join(one.word for one in pieces[place : place + length])
            if name in known and place + length <= len(pieces):
                yield place, place + length, known[name]
                break


@cache
def _known() -> tuple[dict[str, str], frozenset[str]]:
    known = {name.replace(" ", ""): platform for name, platform in names().items()}
    return known, frozenset(name[0] for name in known)


def _after(text: str, pieces: Sequence[Piece], named: bool) -> tuple[Piece, Sure] | None:
    """`snapchat`: what follows is the name when it looks like one, or after a colon or a word for names."""
    told = named
    for piece in pieces:
        if piece.word in _BREAKS:
            return None
        if piece.word in _COLONS or piece.word in _NAMING:
            told = True
        elif piece.word not in _LINKING and piece.word not in _ON and piece.word not in _BRACKETS:
            return _name(text, piece, told)
    return None


def _before(text: str, pieces: Sequence[Piece]) -> tuple[Piece, Sure] | None:
    """`on snapchat`: what stands before `on` is the name when it looks like one, or comes after a word for names."""
    place = len(pieces) - 1
    while place > 0 and pieces[place].word in _LINKING and pieces[place].word not in _ON:
        place -= 1
    if place < 1 or pieces[place].word not in _ON | _BRACKETS:
        return None
    told = place > 1 and pieces[place - 2].word in _NAMING | _COLONS
    return _name(text, pieces[place - 1], told)


def _name(text: str, piece: Piece, told: bool) -> tuple[Piece, Sure] | None:
    written = piece.written.removeprefix("@")
    if (
        not _NAME.match(written)
        or _AMOUNT.match(written)
        or written.isdecimal()
        or text[piece.end : piece.end + 1] == "@"
    ):
        return None
    if piece.written[0] == "@" or _looks_like_one(written) or _is_quoted(text, piece):
        return piece, Sure.LIKELY
    return (piece, Sure.GUESS) if told and len(written) > 2 and not is_common_word(written) else None


def _looks_like_one(written: str) -> bool:
    """With a digit, an underscore or a dot among its letters, as no word is."""
    marked = "_" in written or "." in written or any(map(str.isdigit, written))
    return marked and any(map(str.isalpha, written))


def _is_quoted(text: str, piece: Piece) -> bool:
    return piece.start > 0 and text[piece.start - 1] in QUOTES and text[piece.end : piece.end + 1] in tuple(QUOTES)


def names_a_platform(words: Collection[str]) -> bool:
    """Whether any of these folded words begins a platform's name."""
    return not _first_words().isdisjoint(words)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name[0] if is_han(name[0]) else name.split()[0] for name in names())
