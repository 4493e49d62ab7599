"""The plain form of a text: wide and styled letters as ASCII, foreign digits as ours, defanged links made whole.

Every place in it is known in the text as it was written.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from core.vocabulary import Flag

BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff"
_HIDDEN = re.compile(f"[{BIDI}{INVISIBLE}]+")
_BIDI = re.compile(f"[{BIDI}]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_DOT_WORD = r"(?:dot|d0t|punkt|punto|point|ponto|punt|kropka|крапка|точка|نقطة|डॉट|点)"
_AT_WORD = r"(?:at|@|arroba|arobase|chiocciola|małpa|собака|apestaart|ät|आट|एट|艾特|在)"
_BROKEN = re.compile(
    r"(?<![\[({<])[\[({<]{1,2}[ \t]?(?=[^\s\[({<\w]|[dpktacmäآ]|[^\x00-\x7f])(?:"
    rf"(?P<dot>\.|,|{_DOT_WORD})|(?P<at>{_AT_WORD})|(?P<slashes>:?//)|(?P<slash>/)|(?P<colon>:)"
    r")[ \t]?[\])}>]{1,2}[ \t]?"
    r"|(?P<point>\\\.|(?<=\w)\.[\])}>](?=\w)|(?<=[A-Za-z0-9])[。．｡](?=[A-Za-z0-9])|(?<=\w)[\[({]\.(?=\w))"
    r"|(?P<scheme>(?<![a-z])(?:hxxp|h\*\*p|h__p|h--p|hyyp|h tt p|ht tp|htxp|meow)s?[ \t]?"
    r"(?=[\[({<]{0,2}[ \t]?:?//|[\[({<]:))"
    rf"|(?P<hidden>{_HIDDEN.pattern})",
    re.IGNORECASE,
)
_WHOLE = {"dot": ".", "point": ".", "at": "@", "slash": "/", "colon": ":", "hidden": ""}
_SPACE, _BETWEEN = (" ", "\t"), ("dot", "at")
_MAYBE_BROKEN = re.compile(rf"[\[({{<\\{BIDI}{INVISIBLE}]|\.[\])}}>]|(?<=[A-Za-z0-9])[。．｡]")
"""What no broken link is without, but for its slashes. Most texts have none of it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` as identifiers are looked for in it. Piece n begins at `ours[n]` of it, at `theirs[n]` of `written`."""

    text: str
    written: str
    ours: tuple[int, ...] = ()
    theirs: tuple[int, ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the plain text was written."""
        return (self._place(start), self._place(end - 1) + 1) if self.ours else (start, end)

    def flags(self, start: int, end: int) -> tuple[Flag, ...]:
        """What was hidden or broken in this part as it was written."""
        if not self.ours:
            return ()
        first, last = self.place(start, end)
        written = self.written[first:last]
        found = {Flag.BIDI: _BIDI.search(written), Flag.INVISIBLE: _INVISIBLE.search(written)}
        visible = len(_HIDDEN.sub("", written))
        return tuple(flag for flag, seen in found.items() if seen) + ((Flag.DEFANGED,) if visible > end - start else ())

    def _place(self, at: int) -> int:
        piece = bisect_right(self.ours, at) - 1
        return min(self.theirs[piece] + at - self.ours[piece], len(self.written))


def plain(text: str) -> Plain:
    """The plain form. Linear in the text."""
    even = text if text.isascii() or _STYLED.isdisjoint(text) else text.translate(_ONE_FOR_ONE)
    if "//" not in even and not _MAYBE_BROKEN.search(even):
        return Plain(even, text)
    pieces, starts, end = [], [0], 0
    for broken in _BROKEN.finditer(even):
        start = broken.start() - (even[end : broken.start()][-1:] in _SPACE and broken.lastgroup in _BETWEEN)
        pieces += [even[end:start], _whole(broken)]
        starts += [start, broken.end()]
        end = broken.end()
    if not pieces:
        return Plain(even, text)
    pieces.append(even[end:])
    return Plain("".join(pieces), text, (0, *accumulate(map(len, pieces[:-1]))), tuple(starts))


def _whole(broken: re.Match[str]) -> str:
    kind = broken.lastgroup or ""
    if kind == "scheme":
        return "https" if broken[0].rstrip().lower().endswith("s") else "http"
    if kind == "slashes":
        return "://" if ":" in broken[0] else "//"
    return _WHOLE[kind]


def _one_for_one() -> Mapping[int, str]:
    """Styled letters and foreign digits that stand for one ASCII character each, by CLDR's compatibility forms."""
    ranges = ((0x660, 0xF30), (0x2460, 0x24FF), (0xFF01, 0xFFEF), (0x1D400, 0x1D800), (0x1F130, 0x1F18A))
    table = {code: form for low, high in ranges for code in range(low, high) if (form := _ascii(chr(code)))}
    kept = dict.fromkeys(map(ord, "，；！？（）"))
    return {code: form for code, form in table.items() if code not in kept} | {
        0x3002: "。",
        0x2215: "/",
        0x2044: "/",
        0xFF3C: "\\",
        0xA0: " ",
        0x3000: " ",
    }


def _ascii(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 and form.isascii() and not form.isspace() else ""


_ONE_FOR_ONE = _one_for_one()
_STYLED = frozenset(map(chr, _ONE_FOR_ONE))
