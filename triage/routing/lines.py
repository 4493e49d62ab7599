"""A document's lines: comments left out, a list that goes on joined, every item with the line it stands on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_COMMENT = re.compile(r"(^|\s)#.*$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Line:
    """What one statement says: its first line's number, and its pieces, one for each line it takes."""

    pieces: tuple[Item, ...]

    @property
    def number(self) -> int:
        return self.pieces[0].line

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    def after(self, start: str) -> "Line":
        """The same without what it begins with."""
        first, *rest = self.pieces
        return Line((Item(first.text[len(start) :].strip(), first.line), *rest))

    def items(self) -> Sequence[Item]:
        """What stands between the commas; an empty one too, so that somebody can be told of it."""
        found = [Item(text.strip(), piece.line) for piece in self.pieces for text in _split(piece.text)]
        return found or [Item("", self.number)]


def read_lines(text: str) -> Iterator[Line]:
    """Every statement. A line that ends with a comma goes on in the next one that says something."""
    pieces: list[Item] = []
    for number, raw in enumerate(text.split("\n"), 1):
        said = _SPACES.sub(" ", _COMMENT.sub("", raw)).strip()
        if said:
            pieces.append(Item(said, number))
        if said and not said.endswith(","):
            yield Line(tuple(pieces))
            pieces = []
    if pieces:
        yield Line(tuple(pieces))


def _split(text: str) -> list[str]:
    """A comma at the end of a line only says that the list goes on."""
    return text.removesuffix(",").split(",")
