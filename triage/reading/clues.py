"""The words right before something, which tell what it is: `version 1.2.3.4`, `commit 3f2a…`, `MD5: …`."""

import re

from triage.reading.folding import folded

REACH = 48  # characters
_WORDS = re.compile(r"[^\W_]+")


def words_before(text: str, start: int, count: int = 3) -> list[str]:
    """The last few words of the same line, nearest first."""
    line = text[max(start - REACH, 0) : start].rpartition("\n")[2]
    return [folded(word) for word in reversed(_WORDS.findall(line)[-count:])]


def words_after(text: str, end: int, count: int = 2) -> list[str]:
    line = text[end : end + REACH].partition("\n")[0]
    return [folded(word) for word in _WORDS.findall(line)[:count]]
