"""The editable lists beside the code, read once."""

import tomllib
from functools import cache
from pathlib import Path

from triage.reading.folding import folded

HERE = Path(__file__).resolve().parent


@cache
def _read(name: str) -> dict[str, object]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def words_in(name: str, key: str) -> frozenset[str]:
    """The words of one list."""
    found = _read(name).get(key, [])
    assert isinstance(found, list), f"{key} in {name} is a list of words"
    return frozenset(map(str, found))


def folded_words_in(name: str, key: str) -> frozenset[str]:
    """The same as texts are compared with them, however they are spelt there."""
    return frozenset(map(folded, words_in(name, key)))


def table_in(name: str, key: str) -> dict[str, dict[str, object]]:
    """A table of tables."""
    found = _read(name).get(key, {})
    assert isinstance(found, dict), f"{key} in {name} is a table"
    return found


def numbers_in(name: str, key: str) -> dict[str, int]:
    """A table of whole numbers."""
    found = _read(name).get(key, {})
    assert isinstance(found, dict), f"{key} in {name} is a table"
    return {str(word): int(number) for word, number in found.items()}
