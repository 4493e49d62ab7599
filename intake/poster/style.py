"""What stands where on a poster, and how it looks."""

from dataclasses import dataclass

INK = (0x1D, 0x2B, 0x2A)


@dataclass(frozen=True, slots=True)
class Style:
    """How words look: `size` and `lines` are the most they may take; without `tag` they decorate."""

    size: float
    bold: bool = False
    lines: int = 1
    colour: tuple[int, int, int] = INK
    tag: str = "P"
    leading: float = 1.3
    space: float = 0


@dataclass(frozen=True, slots=True)
class Words:
    """One piece of text. Numbers and addresses name their direction; that of a name is "auto"."""

    text: str
    style: Style
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the sheet, in mm; `x` from where a line begins."""

    x: float
    y: float
    width: float
    height: float
