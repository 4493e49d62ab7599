"""Invented, gentle reports in twelve languages with known truth: which of them are of the same thing.

Several people tell one story: with typing errors, sentences in another order, left out or added, a link with what
trackers add. A translation is another story, and so is one that has the same sentences about somebody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from ops.simulate.naming import a_link, as_pasted
from ops.simulate.tales import passed_on, tale
from ops.simulate.tongues import tongues


@dataclass(frozen=True, slots=True)
class Said:
    """One report of the corpus; those of one `story` are of the same thing."""

    story: int
    language: str
    what: str
    link: str


def corpus(seed: int, stories: int, tellers: int = 4) -> list[Said]:
    """About `stories * tellers / 2` reports, shuffled; the same for the same numbers."""
    chance = Random(seed)
    told = [said for story in range(stories) for said in _told(chance, story, tellers)]
    chance.shuffle(told)
    return told


def _told(chance: Random, story: int, tellers: int) -> Iterator[Said]:
    """By its words, by its link, or by both; every third story by one person only."""
    tongue = chance.choice(list(tongues().values()))
    source = tale(chance, tongue, ("told", 4, 6))
    linked = chance.random() < 0.5
    link = a_link(chance) if linked else ""
    for teller in range(1 if story % 3 == 0 else chance.randint(2, tellers)):
        own_words = linked and chance.random() < 0.3
        words = passed_on(chance, source) if teller else source.text
        text = tale(chance, tongue, ("told", 4, 6)).text if own_words else words
        yield Said(story, tongue.code, text, as_pasted(chance, link) if link else "")
