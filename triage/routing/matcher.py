"""A document compiled for the agencies of now: what a decision costs hardly grows with the number of rules.

Each rule is one bit. For every field that any rule names, a table tells which bits a value leaves standing; the
tables' answers are and-ed, and the lowest bit that still stands is the first rule that holds.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from triage.routing.book import Book
from triage.routing.decision import Decision, Ground, Other
from triage.routing.document import Document, Fallback, Rule, Target, Whose
from triage.routing.facts import Facts
from triage.routing.fields import ATTRIBUTE, SEVERAL, Field
from triage.routing.tables import Table, make_tables

NOBODY: frozenset[str] = frozenset()
Ask = tuple[Callable[[Facts], Any], Callable[[Any], int]]
"""Where a fact is, and which rules its value leaves standing."""


class Matcher:
    """The rules of one document over one book of agencies."""

    def __init__(self, document: Document, book: Book) -> None:
        self.book = book
        self._rules = document.rules
        self._all = (1 << len(document.rules)) - 1
        self._fallbacks = {fallback.agency: fallback for fallback in document.fallbacks}
        targets = {target.name for rule in document.rules for target in rule.targets if target.is_agency}
        self._missing = {name for name in targets if not book.receives(name)}
        self._asks = [_asking(field, table) for field, table in make_tables(document.rules).items()]

    def decide(self, facts: Facts, without: frozenset[str] = NOBODY, refused_by: str | None = None) -> Decision:
        """Where these facts go. After refusals: `without` those agencies, by the next choice of the rules.

        What nobody else takes is the hotline's, always.
        """
        if refused_by in self._fallbacks:
            fallback = self._fallbacks[refused_by]
            if agency := self._first(fallback.targets, facts, without):
                return self._decision(agency, _rule_of(fallback), facts, without)
        for rule in self._holding(facts):
            if agency := self._first(rule.targets, facts, without):
                return self._decision(agency, rule, facts, without)
        return self._decision(self.book.home.code, self._rules[-1], facts, without)

    def misses(self, facts: Facts, decision: Decision) -> bool:
        """Whether a rule before the one that decided names an agency that cannot receive any more."""
        if not self._missing:
            return False
        passed = (rule for rule in self._holding(facts) if rule.line <= decision.line)
        return any(target.name in self._missing for rule in passed for target in rule.targets)

    def _holding(self, facts: Facts) -> Iterator[Rule]:
        """The rules whose conditions hold, in their order."""
        standing = self._all
        for get, look in self._asks:
            standing &= look(get(facts))
        while standing:
            lowest = standing & -standing
            yield self._rules[lowest.bit_length() - 1]
            standing ^= lowest

    def _first(self, targets: Iterable[Target], facts: Facts, without: frozenset[str]) -> str | None:
        """The first of these targets that can receive."""
        for target in targets:
            for code in self._who(target, facts):
                if code not in without and self.book.receives(code):
                    return code
        return None

    def _who(self, target: Target, facts: Facts) -> Iterable[str]:
        if target.name == Whose.COUNTRY:
            return self.book.receiving.get(facts.country or "", ())
        if target.name == Whose.HOSTING:
            return (code for country in facts.hosting for code in self.book.receiving.get(country, ()))
        return (self.book.home.code,) if target.name == Whose.HOTLINE else (target.name,)

    def _decision(self, agency: str, rule: Rule, facts: Facts, without: frozenset[str]) -> Decision:
        others = tuple(self._others(rule, facts, without | {agency})) if self._is_elsewhere(rule, facts, agency) else ()
        queue, notify = rule.queue.text if rule.queue else None, tuple(team.text for team in rule.notify)
        return Decision(agency, rule.name, rule.line, queue, rule.floor, notify, others, self._refers(others, facts))

    def _refers(self, others: Iterable[Other], facts: Facts) -> tuple[str, ...]:
        """Those whom the rule itself names, as far as they receive and take what it is about."""
        named = (other.agency for other in others if other.ground is Ground.RULE and other.agency)
        return tuple(code for code in named if self.book.entries[code].takes(facts))

    def _is_elsewhere(self, rule: Rule, facts: Facts, agency: str) -> bool:
        """Whether it can concern anybody else; mostly it cannot, and looking is half of what a decision costs."""
        return bool(rule.refers or facts.hosting) or facts.country not in (None, self.book.entries[agency].country)

    def _others(self, rule: Rule, facts: Facts, without: frozenset[str]) -> Iterator[Other]:
        """Whom else it concerns, each agency once: the rule's own referrals, then each country there is a trace of."""
        told = set(without)
        for other in (*self._referred(rule, facts, without), *self._of_countries(facts, without)):
            if other.agency is None or other.agency not in told:
                told.add(other.agency or "")
                yield other

    def _referred(self, rule: Rule, facts: Facts, without: frozenset[str]) -> Iterator[Other]:
        for target in rule.refers:
            for code in self._concerned(target, facts, without):
                if entry := self.book.entries.get(code):
                    yield Other(code, entry.country, Ground.RULE)

    def _concerned(self, target: Target, facts: Facts, without: frozenset[str]) -> Iterable[str]:
        """The agency that is named, or one for each country but those where somebody has it or had it."""
        if not target.depends:
            return self._who(target, facts)
        countries = (facts.country,) if target.name == Whose.COUNTRY else facts.hosting
        elsewhere = [country for country in countries if country not in self._seen(without)]
        first = (self.book.first_to_refer(country, facts) for country in elsewhere)
        return [code for code in first if code]

    def _seen(self, without: frozenset[str]) -> set[str | None]:
        return {self.book.entries[code].country for code in without}

    def _of_countries(self, facts: Facts, without: frozenset[str]) -> Iterator[Other]:
        """One for each country but those where somebody has it or had it."""
        seen = self._seen(without)
        traces = [(facts.country, Ground.COUNTRY), *((country, Ground.HOSTING) for country in facts.hosting)]
        for country, ground in traces:
            if country and country not in seen:
                seen.add(country)
                yield Other(self.book.first_of(country, without), country, ground)


def _rule_of(fallback: Fallback) -> Rule:
    return Rule(f"refused by {fallback.agency}", fallback.line)


def _asking(field: Field, table: Table) -> Ask:
    look: Callable[[Any], int] = table.several if field in SEVERAL else table.one
    return attrgetter(ATTRIBUTE[field]), look
