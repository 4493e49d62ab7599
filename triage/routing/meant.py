"""Did you mean …? What somebody may have wanted to write."""

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher, get_close_matches

CLOSE = 0.6
LIKE_A_NAME = 0.75
MOST = 3
NEARLY = 0.1
CODES_ARE_SHORTER = 3


def meant(typed: str, known: Collection[str], names: Mapping[str, str] | None = None) -> str:
    """A question that names the closest of what there is, or a list of it when that is short; else nothing."""
    found = closest(typed, known, names or {})
    if found:
        return f"Did you mean {' or '.join(found)}?"
    return f"There is {', '.join(sorted(known))}." if len(known) <= 12 else ""


def closest(typed: str, known: Collection[str], names: Mapping[str, str]) -> list[str]:
    """Up to three of `known`, by how they are spelt or by a name that people have for them."""
    small = typed.lower()
    if small in names:
        return [names[small]]
    by_spelling = {word.lower(): word for word in known}
    by_name = [f"{names[name]} ({name.title()})" for name in get_close_matches(small, names, 1, LIKE_A_NAME)]
    close = get_close_matches(small, by_spelling, MOST, CLOSE)
    by_code = [by_spelling[word] for word in close if likeness(small, word) > likeness(small, close[0]) - NEARLY]
    return by_name or by_code if len(typed) > CODES_ARE_SHORTER else by_code or by_name


def likeness(typed: str, word: str) -> float:
    """From 0 to 1."""
    return SequenceMatcher(None, typed, word).ratio()
