"""Typefaces: the letters a poster needs, cut out of variable fonts by HarfBuzz in a few milliseconds.

The fonts come whole from their packages, up to 33 MB; they are mapped, never read. What is cut out is a few kB.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import fontpkg
import manimgx_fonts_cjk
import uharfbuzz as hb

_SIMPLIFIED_CHINESE = 2  # the third font of the collection


@dataclass(frozen=True)
class Typeface:
    """One font file with a weight axis."""

    name: str
    path: Path
    number: int = 0

    def knows(self, letter: str) -> bool:
        return self._font.get_nominal_glyph(ord(letter)) is not None

    def cut(self, letters: Iterable[str], weight: int) -> bytes:
        """A small font of one weight that has these letters and all the forms they take."""
        wanted = hb.SubsetInput()
        wanted.flags |= hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.DOWNGRADE_CFF2
        wanted.unicode_set.update(map(ord, letters))
        for axis in self._face.axis_infos:
            wanted.pin_axis_location(self._face, axis.tag, weight if axis.tag == "wght" else axis.default_value)
        return bytes(hb.subset(self._face, wanted).blob.data)

    @cached_property
    def _face(self) -> hb.Face:
        return hb.Face(hb.Blob.from_file_path(str(self.path)), self.number)

    @cached_property
    def _font(self) -> hb.Font:
        return hb.Font(self._face)


def typefaces() -> list[Typeface]:
    """The rounded one of our pages first, then one for each script it does not know."""
    named = ("Nunito", "Noto Sans Arabic", "Noto Sans Devanagari")
    cjk = Path(manimgx_fonts_cjk.__file__).with_name("NotoSansCJK-VF.otf.ttc")
    return [
        *(Typeface(name.replace(" ", ""), fontpkg.path(name)) for name in named),
        Typeface("NotoSansCJKsc", cjk, _SIMPLIFIED_CHINESE),
    ]


def choose(text: str, known: Sequence[Typeface]) -> list[Typeface]:
    """The typefaces with the one first that knows most of this text."""
    letters = set(text)
    return sorted(known, key=lambda typeface: -sum(map(typeface.knows, letters)))
