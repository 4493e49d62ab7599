"""A sheet of A4 that is written on in the direction of reading: positions count from where a line begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

from fpdf import ViewerPreferences
from fpdf.enums import MethodReturnValue

from intake.poster.style import Box, Style, Words
from intake.poster.tagged import TaggedPDF
from intake.poster.typefaces import Typeface

WIDTH, HEIGHT = 210, 297
_WEIGHTS = {"": 600, "B": 900}
_POINT = 25.4 / 72  # in mm
_SMALLER = 0.95
_HAIR = 0.01  # so that what was measured to fit does fit
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the same poster is the same bytes


@dataclass(frozen=True, slots=True)
class _Fitted:
    words: Words
    size: float
    width: float
    height: float


class Sheet(TaggedPDF):
    """One page of tagged text."""

    def __init__(self, language: str, direction: str, title: str) -> None:
        super().__init__(format="A4")
        self.direction = direction
        self.set_lang(language)
        self.set_title(title)
        self.set_creation_date(_SOME_DAY)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_page()

    def take_letters(self, text: str, typefaces: Sequence[Typeface], folder: Path) -> None:
        """Make the letters of `text` available, each from the first typeface that has it; `folder` keeps them."""
        missing, used = set(text), []
        for typeface in typefaces:
            if found := set(filter(typeface.knows, missing)):
                self._cut(typeface, found | {" "}, folder)
                used.append(typeface.name)
                missing -= found
        self.set_font(used[0])
        self.set_fallback_fonts(used[1:])

    def left_of(self, box: Box) -> float:
        """Where a box begins on paper, counted from the left."""
        return box.x if self.direction == "ltr" else WIDTH - box.x - box.width

    def write_column(self, column: Sequence[Words], box: Box, align: str = "") -> None:
        """Write one below the other, in the middle of the box, all as large as they may be and fit."""
        fitted = self._fit_column(column, box)
        y = box.y + (box.height - _height(fitted)) / 2
        for words in fitted:
            self._write(words, box, y, align or ("L" if self.direction == "ltr" else "R"))
            y += words.height

    def _fit_column(self, column: Sequence[Words], box: Box) -> list[_Fitted]:
        scale = 1.0
        fitted = [self._fit(words, box, scale) for words in column]
        while (height := _height(fitted)) > box.height:
            scale *= min(_SMALLER, sqrt(box.height / height))
            fitted = [self._fit(words, box, scale) for words in column]
        return fitted

    def _fit(self, words: Words, box: Box, scale: float) -> _Fitted:
        """The largest size at which no word is cut and the lines suffice, and lines of like length."""
        style = words.style
        self._turn_to(words, style.size * scale)
        widest, whole = max(map(self.get_string_width, words.text.split())), self.get_string_width(words.text)
        self.set_font_size(self.font_size_pt * min(1, box.width / widest, style.lines * box.width / whole))
        while (lines := self._lines(words.text, box.width)) > style.lines:
            self.set_font_size(self.font_size_pt * _SMALLER)
        width = box.width
        while lines > 1 and self._lines(words.text, width * _SMALLER) == lines:
            width *= _SMALLER
        height = lines * self._line_height(style) + style.space * scale
        return _Fitted(words, self.font_size_pt, width, height)

    def _lines(self, text: str, width: float) -> int:
        if max(map(self.get_string_width, text.split())) > width + _HAIR:
            return len(text)
        lines = self.multi_cell(width + _HAIR, text=text, align="L", dry_run=True, output=MethodReturnValue.LINES)
        assert isinstance(lines, list)
        return len(lines)

    def _write(self, fitted: _Fitted, box: Box, y: float, align: str) -> None:
        self._turn_to(fitted.words, fitted.size)
        self.set_text_color(*fitted.words.style.colour)
        width = box.width if align == "C" else fitted.width
        self.set_xy(self.left_of(Box(box.x, y, width, 0)), y)
        words = fitted.words
        with self.tagged(words.style.tag, words.text) if words.style.tag else self.decoration():
            self.multi_cell(width + _HAIR, self._line_height(words.style), words.text, align=align)

    def _line_height(self, style: Style) -> float:
        return self.font_size_pt * style.leading * _POINT

    def _turn_to(self, words: Words, size: float) -> None:
        self.set_font(self.font_family, "B" if words.style.bold else "", size)
        self.set_text_shaping(direction=None if words.direction == "auto" else words.direction or self.direction)

    def _cut(self, typeface: Typeface, letters: set[str], folder: Path) -> None:
        for style, weight in _WEIGHTS.items():
            path = folder / f"{typeface.name}{weight}.otf"
            path.write_bytes(typeface.cut(letters, weight))
            self.add_font(typeface.name, style, path)
            self.fonts[typeface.name.lower() + style].name = path.stem


def _height(fitted: Sequence[_Fitted]) -> float:
    return sum(words.height for words in fitted)
