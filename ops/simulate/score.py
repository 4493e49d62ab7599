"""Triage beside the truth. Nothing here asks triage what belongs together, whose it is or how soon."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ops.simulate.became import Became
from ops.simulate.invented import Invented, Sort, Trap, Truth
from ops.simulate.pairs import precision_and_recall

AT_ONCE = 1
HOTLINE = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One report that was taken: the truth of this deployment, and what it became."""

    one: Invented
    owner: str
    became: Became

    @property
    def truth(self) -> Truth:
        return self.one.truth

    @property
    def thing(self) -> tuple[int, str]:
        """No agency works another one's cases: what belongs together does so within one."""
        return self.truth.thing, self.owner

    @property
    def case(self) -> object:
        """Without a case it is with nobody."""
        return self.became.case or id(self)

    @property
    def is_lost(self) -> bool:
        return self.became.case is None

    @property
    def is_elsewhere(self) -> bool:
        return self.became.owner != self.owner

    @property
    def waits(self) -> bool:
        """Danger now that does not stand first, itself or its case."""
        return self.truth.now and {self.became.priority, self.became.case_priority} != {AT_ONCE}

    @property
    def is_false_alarm(self) -> bool:
        return not self.truth.now and self.became.priority == AT_ONCE


def owner_of(truth: Truth, answered: AbstractSet[str], knows_hosting: bool = True) -> str:
    """The first of its countries that has an agency here; else the hotline."""
    return next((country for country in truth.where.countries(knows_hosting) if country in answered), HOTLINE)


@dataclass(frozen=True, slots=True)
class Score:
    """What a whole run was worth."""

    judged: Sequence[Judged]

    @classmethod
    def of(
        cls,
        made: Sequence[Invented],
        became: Sequence[Became],
        answered: AbstractSet[str],
        knows_hosting: bool = True,
    ) -> "Score":
        pairs = zip(made, became, strict=True)
        return cls([Judged(one, owner_of(one.truth, answered, knows_hosting), what) for one, what in pairs])

    def bundling(self, of: Callable[[Judged], bool] = lambda one: True) -> tuple[float, float]:
        """Pairwise precision and recall of those reports alone."""
        chosen = [one for one in self.judged if of(one)]
        return precision_and_recall([one.thing for one in chosen], [one.case for one in chosen])

    @property
    def outside_floods(self) -> tuple[float, float]:
        """Floods have most pairs of all and would hide the rest."""
        return self.bundling(lambda one: one.truth.sort is not Sort.FLOOD)

    def recall_by(self, sort: Sort) -> float:
        return self.bundling(lambda one: one.truth.sort is sort)[1]

    def share(self, what: Callable[[Judged], bool]) -> float:
        """In percent."""
        return 100 * self.count(what) / max(len(self.judged), 1)

    def count(self, what: Callable[[Judged], bool]) -> int:
        return sum(map(what, self.judged))

    @property
    def swallowed(self) -> int:
        """Children in a flood who have no case to themselves."""
        with_copies = {one.case for one in self.judged if one.truth.sort is Sort.FLOOD}
        return self.count(lambda one: Trap.CHILD_IN_A_FLOOD in one.truth.traps and one.case in with_copies)
