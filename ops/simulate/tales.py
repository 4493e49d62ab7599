"""Texts: what one person tells, how another passes it on, and what only looks the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from ops.simulate.tongues import Tongue

CHANGES_AT_MOST = 2
LEAST_LEFT_OUT_OF = 6


@dataclass(frozen=True, slots=True)
class Tale:
    """Sentences by kind and place among those of their kind, and what fills them."""

    tongue: Tongue
    lines: tuple[tuple[str, int], ...]
    filling: dict[str, str]

    @property
    def sentences(self) -> list[str]:
        return [self.tongue.lines[kind][place].format(**self.filling) for kind, place in self.lines]

    @property
    def text(self) -> str:
        return self.tongue.join(self.sentences)


def tale(chance: Random, tongue: Tongue, *kinds: tuple[str, int, int]) -> Tale:
    """So many sentences, from the first number to the second, of each of these kinds, in the order of their files.

    Some of them are what nobody else tells: names of schools, clubs, dogs.
    """
    lines = [line for kind, least, most in kinds for line in _some(chance, tongue, kind, least, most)]
    for line in _some(chance, tongue, "own", 1, 2):
        lines.insert(chance.randint(0, len(lines)), line)
    return Tale(tongue, tuple(lines), tongue.filling(chance))


def about_somebody_else(chance: Random, told: Tale) -> Tale:
    """The same sentences with other people, places and things, as in a form letter."""
    kept = [line for line in told.lines if line[0] != "own"]
    for line in _some(chance, told.tongue, "own", 1, 2):
        kept.insert(chance.randint(0, len(kept)), line)
    return replace(told, lines=tuple(kept), filling=told.tongue.filling(chance))


def passed_on(chance: Random, told: Tale) -> str:
    """The same text as somebody else sends it, with one or two things changed."""
    said = told.sentences
    for change in chance.sample(CHANGES, chance.randint(1, CHANGES_AT_MOST)):
        said = change(chance, told.tongue, said)
    return told.tongue.join(said)


def _some(chance: Random, tongue: Tongue, kind: str, least: int, most: int) -> list[tuple[str, int]]:
    known = len(tongue.lines[kind])
    places = chance.sample(range(known), min(chance.randint(least, most), known))
    return [(kind, place) for place in sorted(places)]


Change = Callable[[Random, Tongue, list[str]], list[str]]


def _misspelt(chance: Random, _: Tongue, said: list[str]) -> list[str]:
    """Two letters wrong."""
    said = list(said)
    for _error in range(2):
        at = chance.randrange(len(said))
        place = chance.randrange(1, len(said[at]) - 1)
        said[at] = said[at][:place] + said[at][place - 1] + said[at][place + 1 :]
    return said


def _reordered(chance: Random, _: Tongue, said: list[str]) -> list[str]:
    return chance.sample(said, len(said))


def _added(chance: Random, tongue: Tongue, said: list[str]) -> list[str]:
    more = tongue.say(chance, "added")
    return [*said, more] if chance.random() < 0.5 else [more, *said]


def _left_out(chance: Random, _: Tongue, said: list[str]) -> list[str]:
    """Of a long text one sentence is not passed on."""
    if len(said) < LEAST_LEFT_OUT_OF:
        return said
    gone = chance.randrange(len(said))
    return [*said[:gone], *said[gone + 1 :]]


def _as_it_is(_: Random, __: Tongue, said: list[str]) -> list[str]:
    return said


def _shouted(_: Random, __: Tongue, said: list[str]) -> list[str]:
    return [sentence.upper().replace(".", "!!") for sentence in said]


CHANGES: Sequence[Change] = (_misspelt, _reordered, _added, _left_out, _as_it_is, _shouted)
