"""The order of names in a language, and the letter each is listed under.

Accents do not count, which is right for most languages. The others bring `locales/<language>/order.json`:
`letters` that are letters of their own, in their order, and `readings` of words whose script has no alphabet.
Collation itself (UTS #10) has no package that installs everywhere: ICU's bindings are built from source.
"""

import unicodedata
from pathlib import Path

import msgspec

FILE = "order.json"


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a language says of its order."""

    letters: str = ""
    readings: dict[str, str] = {}

    @classmethod
    def of(cls, folder: Path) -> "Order":
        """What the language's folder says; nothing is the common case."""
        path = folder / FILE
        return msgspec.json.decode(path.read_bytes(), type=cls) if path.exists() else cls()

    def key(self, word: str) -> tuple[list[int], str]:
        """To sort by."""
        return [self._place(letter) for letter in self._spelt(word)], word

    def letter(self, word: str) -> str:
        """The capital it is listed under."""
        return next((letter for letter in self._spelt(word) if letter != " "), "").upper()

    def reading(self, word: str) -> str:
        """How it is read, in letters; empty where its own script has them."""
        return self.readings.get(word, "")

    def _spelt(self, word: str) -> list[str]:
        """Its letters, without accents that do not count."""
        return [part for letter in self.readings.get(word, word).casefold() for part in self._parts(letter)]

    def _parts(self, letter: str) -> list[str]:
        if letter in self.letters:
            return [letter]
        parts = unicodedata.normalize("NFKD", letter)
        return [part for part in parts if part == " " or (_is_written(part) and not unicodedata.combining(part))]

    def _place(self, letter: str) -> int:
        """Spaces come first, then the language's own letters, then whatever else there is."""
        if letter == " ":
            return -1
        place = self.letters.find(letter)
        return place if place >= 0 else len(self.letters) + ord(letter)


def _is_written(part: str) -> bool:
    """A letter, a number, or a vowel sign that goes with a letter."""
    return unicodedata.category(part)[0] in "LMN"
