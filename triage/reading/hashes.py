"""Hashes of files: MD5, SHA-1, SHA-256 and PDQ. Not every run of hexadecimal is one."""

import re
from collections.abc import Iterator
from itertools import islice

from core.vocabulary import IdentifierKind, Sure
from triage.reading.clues import words_after, words_before
from triage.reading.finding import MOST, Finding
from triage.reading.lists import words_in

_HEX = re.compile(r"(?<![A-Za-z0-9_.-])(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})(?![A-Za-z0-9_-])")
_BY_LENGTH = {32: IdentifierKind.MD5, 40: IdentifierKind.SHA1, 64: IdentifierKind.SHA256}
_NAMES = {
    "md5": IdentifierKind.MD5,
    "md5sum": IdentifierKind.MD5,
    "sha1": IdentifierKind.SHA1,
    "sha": IdentifierKind.SHA1,
    "sha256": IdentifierKind.SHA256,
    "pdq": IdentifierKind.PDQ,
}
_LENGTHS = {kind: length for length, kind in _BY_LENGTH.items()} | {IdentifierKind.PDQ: 64}
_NO_FILE = words_in("clues.toml", "no_file")
_DIFFERENT = 6  # a random one has hardly ever fewer different digits


def find_hashes(text: str, field: str = "") -> Iterator[Finding]:
    """Every hash; a field's own name says which kind it holds."""
    for match in islice(_HEX.finditer(text), MOST):
        digits = match[0].lower()
        named = _named(text, match.start(), match.end(), field)
        clues = words_before(text, match.start())
        if named is None and (_NO_FILE & set(clues) or not _looks_random(digits) or _mixes_case(match[0])):
            continue
        kind = named if named and _LENGTHS[named] == len(digits) else _BY_LENGTH[len(digits)]
        sure = Sure.CERTAIN if named else Sure.LIKELY
        yield Finding(kind, digits, match.start(), match.end(), sure)


def _named(text: str, start: int, end: int, field: str) -> IdentifierKind | None:
    """The kind that the field, the words before or a word in brackets after it name."""
    before = "".join(reversed(words_before(text, start, 2)))
    words = [field.lower().replace("-", ""), *words_before(text, start, 4), *words_after(text, end, 1)]
    joined = [name for name in ("sha256", "sha1", "md5", "pdq") if before.endswith(name)]
    return next((_NAMES[word] for word in [*joined, *words] if word in _NAMES), None)


def _looks_random(digits: str) -> bool:
    return len(set(digits)) >= _DIFFERENT and not digits.isdecimal() and not digits.isalpha()


def _mixes_case(digits: str) -> bool:
    return digits not in (digits.lower(), digits.upper())
