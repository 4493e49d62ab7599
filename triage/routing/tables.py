"""Rules as bits: for one field, which rules a value leaves standing. Rule n is bit n."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from triage.routing.document import Rule
from triage.routing.fields import UNKNOWN, Field


@dataclass(frozen=True, slots=True)
class Table:
    """The rules that do not ask for any value of the field, that ask for one, and that bar it."""

    free: int
    asked: Mapping[str, int]
    barred: Mapping[str, int]
    standing: Mapping[str | None, int]

    def one(self, value: str | None) -> int:
        """The rules whose conditions on this field hold."""
        return self.standing.get(value, self.free)

    def several(self, values: Sequence[str]) -> int:
        """The same for a report with any number of values: `is` wants one of them, `is not` none of them."""
        if len(values) < 2:
            return self.standing.get(values[0] if values else None, self.free)
        asked, barred = self.free, 0
        for value in values:
            asked |= self.asked.get(value, 0)
            barred |= self.barred.get(value, 0)
        return asked & ~barred

    def implied(self, given: frozenset[str] | None, barred: frozenset[str], alone: bool) -> int:
        """The rules whose conditions hold whenever these do; `alone` when a report has one value only."""
        asked = self.free
        if given is not None:
            asked = -1
            for value in given:
                asked &= self.free | self.asked.get(value, 0)
        possible: Collection[str] = given if given is not None and alone else self.barred
        for value in possible:
            if value not in barred:
                asked &= ~self.barred.get(value, 0)
        return asked


def make_tables(rules: Sequence[Rule]) -> dict[Field, Table]:
    """A table for each field that any rule names."""
    named = {condition.field for rule in rules for condition in rule.conditions}
    return {field: _table(field, rules) for field in Field if field in named}


def _table(field: Field, rules: Sequence[Rule]) -> Table:
    free = (1 << len(rules)) - 1
    asked: dict[str, int] = defaultdict(int)
    barred: dict[str, int] = defaultdict(int)
    for place, rule in enumerate(rules):
        for condition in rule.conditions:
            if condition.field is field:
                free &= ~(0 if condition.is_not else 1 << place)
                for value in condition.values:
                    (barred if condition.is_not else asked)[value] |= 1 << place
    return Table(free, dict(asked), dict(barred), _standing(free, asked, barred))


def _standing(free: int, asked: Mapping[str, int], barred: Mapping[str, int]) -> Mapping[str | None, int]:
    """For every value that any rule names; nothing known is None in facts and a word in rules."""
    found: dict[str | None, int] = {
        value: (free | asked.get(value, 0)) & ~barred.get(value, 0) for value in {*asked, *barred}
    }
    found[None] = found.get(UNKNOWN, free)
    return found
