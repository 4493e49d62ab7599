"""What every maker of reports has at hand: chance, and numbers for things and forms that nobody else gets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any

from ops.simulate.invented import Door, Invented, Sort, Told, Trap, Truth
from ops.simulate.people import Answers
from ops.simulate.tongues import Tongue, tongues
from ops.simulate.whereabouts import Where

ON_THE_SITE = (Door.FORM,) * 60 + (Door.JOURNEY,)
ONCE_ONLY = (Door.FORM, Door.JSON, Door.XARF)
"""Doors at which sending the same again is known by its form token or key."""


@dataclass
class Making:
    """One simulation on its way. Everything follows from the seed of `chance`."""

    chance: Random
    _things: Iterator[int] = field(default_factory=count)
    _forms: Iterator[int] = field(default_factory=count)

    def thing(self) -> int:
        return next(self._things)

    def tongue(self) -> Tongue:
        return self.chance.choice(list(tongues().values()))

    def report(
        self,
        tongue: Tongue,
        text: str,
        answers: Answers,
        where: Where,
        truth: Truth,
        door: Door | None = None,
        **named: Any,
    ) -> Invented:
        """One report on the site, or by another door. `named` are fields of Told."""
        way = door or self.chance.choice(ON_THE_SITE)
        told = Told(
            door=way,
            language=tongue.code,
            what=text,
            form=next(self._forms),
            country=where.said,
            danger=answers.danger,
            about=answers.about,
            age=answers.age,
            kind=answers.kind,
            risks=answers.risks,
            contact=answers.contact,
            twice=self.chance.random() < 0.01 and way in ONCE_ONLY,
            **named,
        )
        return Invented(told, replace(truth, where=where))

    def truth(self, sort: Sort = Sort.ALONE, *traps: Trap, thing: int | None = None, now: bool = False) -> Truth:
        """Of a thing of its own, unless one is given."""
        return Truth(self.thing() if thing is None else thing, sort, now=now, traps=tuple(traps))

    def with_line(self, tongue: Tongue, text: str, line: str) -> str:
        """The line somewhere behind the text's beginning or at its end."""
        return tongue.join([line, text] if self.chance.random() < 0.3 else [text, line])


Made = Sequence[Invented]
