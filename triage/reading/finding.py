"""What finders share: a finding in a plain text, and text in which what was found is covered."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.vocabulary import Flag, IdentifierKind, Sure

COVER = "\x00"
MOST = 400
"""Of one kind in one text: enough for any list somebody pastes, and a bound for what hostile text may cost."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An identifier at a place in the plain text."""

    kind: IdentifierKind
    canonical: str
    start: int
    end: int
    sure: Sure = Sure.LIKELY
    country: str = ""
    platform: str = ""
    host: str = ""
    flags: tuple[Flag, ...] = ()


def covered(text: str, findings: Iterable[Finding]) -> str:
    """The text with every finding's place blotted out, so that no other finder reads it again."""
    pieces, end = [], 0
    for start, stop in sorted((finding.start, finding.end) for finding in findings):
        if start >= end:
            pieces += [text[end:start], COVER * (stop - start)]
            end = stop
    return "".join([*pieces, text[end:]]) if pieces else text
