"""What invented people say in each language: `words/`, a file for each, that anybody can read and add to."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from babel import Locale

WORDS = Path(__file__).with_name("words")


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. `lines` are sentences by what they are for, `slots` what may stand in their places."""

    code: str
    lines: Mapping[str, Sequence[str]]
    slots: Mapping[str, Sequence[str]]
    syllables: Sequence[str]
    between: str

    def name(self, chance: Random, length: int = 3) -> str:
        """A name that nobody has, in the letters of the language."""
        return "".join(chance.choice(self.syllables) for _ in range(length)).capitalize()

    def filling(self, chance: Random) -> dict[str, str]:
        """One story's places, things and names."""
        chosen = {slot: chance.choice(choices) for slot, choices in self.slots.items()}
        return {**chosen, **{name: self.name(chance) for name in ("name", "game", "one", "two", "three")}}

    def say(self, chance: Random, kind: str, **filling: str) -> str:
        """One sentence of a kind."""
        return chance.choice(self.lines[kind]).format(**filling)

    def join(self, sentences: Sequence[str]) -> str:
        return self.between.join(sentences)

    def country(self, code: str) -> str:
        """What it calls a country."""
        return str(Locale.parse(self.code, sep="-").territories[code])


@cache
def tongues() -> Mapping[str, Tongue]:
    """Every language there are words in, by its code."""
    return {file.stem: _read(file) for file in sorted(WORDS.glob("*.toml"))}


def _read(file: Path) -> Tongue:
    said = tomllib.loads(file.read_text(encoding="utf-8"))
    slots, syllables = said.pop("slots"), said.pop("syllables")
    between = "" if said.pop("joined", False) else " "
    return Tongue(file.stem, said, slots, syllables, between)
