"""Rules that no report can reach, because what stands before them takes all that they would.

It is certain of each one it names. What only many rules together cover, in several fields at once, it does not find.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_

from triage.routing.document import OTHERWISE, Document, Problem, Rule
from triage.routing.fields import SEVERAL, UNKNOWN, Field, values_of
from triage.routing.tables import Table, make_tables

ALWAYS_SAID = frozenset({Field.DANGER, Field.CHANNEL})
LISTED = 20
Asked = Mapping[tuple[Field, bool], frozenset[str]]


def find_unreachable(document: Document) -> Iterator[Problem]:
    """A problem for each, naming the rules that stand in its way."""
    rules, tables = document.rules, make_tables(document.rules)
    sure = sum(1 << place for place, rule in enumerate(rules) if any(not target.depends for target in rule.targets))
    for place, rule in enumerate(rules):
        earlier = ((1 << place) - 1) & (sure | _no_further(rule, rules[:place]))
        by = _takers(rule, tables, earlier) if earlier and rule.name != OTHERWISE else []
        if by:
            named = " and ".join(f"{rules[taker].name!r} (line {rules[taker].line})" for taker in sorted(by))
            what = f"The rule {rule.name!r} is never reached: {named} {'take' if len(by) > 1 else 'takes'} all of it."
            yield Problem(rule.line, what, "Move it up, or remove it.")


def _no_further(rule: Rule, earlier: Sequence[Rule]) -> int:
    """The earlier rules that, where they find nobody who can receive, leave this one nobody either."""
    names = {target.name for target in rule.targets}
    if any(not target.depends for target in rule.targets):
        return 0
    return sum(1 << i for i, before in enumerate(earlier) if names <= {target.name for target in before.targets})


def _takers(rule: Rule, tables: Mapping[Field, Table], earlier: int) -> set[int]:
    """The earlier rules that take all of it: one alone, or some that share the values of one field."""
    asked = {(condition.field, condition.is_not): condition.values for condition in rule.conditions}
    implied = {field: _implied(table, field, asked) for field, table in tables.items()}
    if alone := reduce(and_, implied.values(), earlier):
        return {_first(alone)}
    for field, table in tables.items():
        rest = reduce(and_, (bits for other, bits in implied.items() if other is not field), earlier)
        taken = [rest & table.implied(frozenset({value}), frozenset(), True) for value in _values(field, asked)]
        if rest and taken and all(taken):
            return {_first(bits) for bits in taken}
    return set()


def _implied(table: Table, field: Field, asked: Asked) -> int:
    barred = asked.get((field, True), frozenset())
    return table.implied(asked.get((field, False)), barred, field not in SEVERAL)


def _values(field: Field, asked: Asked) -> Sequence[str]:
    """What this field can be where the rule holds; nothing when that cannot be listed in short."""
    barred = asked.get((field, True), frozenset())
    if field in SEVERAL:
        return ()
    if (field, False) in asked:
        return sorted(asked[field, False] - barred)
    known = values_of(field)
    if known is None or len(known) > LISTED:
        return ()
    return sorted((known | (frozenset() if field in ALWAYS_SAID else {UNKNOWN})) - barred)


def _first(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
