"""What is too common to bundle by: lists that an operator may edit."""

import tomllib
from functools import cache
from pathlib import Path

LISTS = Path(__file__).with_name("common.toml")


@cache
def common(name: str) -> frozenset[str]:
    """One list of `common.toml`."""
    words: list[str] = tomllib.loads(LISTS.read_text())[name]
    return frozenset(words)
