"""The back-test: where the last reports would have gone by other rules. Nothing that anybody wrote is opened.

Cases are what is routed; each of the last reports counts for the case it is in. What the rules look at was sealed when
the case was filed, by itself; cases from before there were rules are judged by their plain columns.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.orm import Session

from triage.routing.facts import Facts
from triage.routing.matcher import Matcher
from triage.routing.why import FactsSeal

LAST = 10_000
MOST = 1_000_000
RECENT = text("""
    WITH recent AS (
        SELECT id, case_id, channel, language, country, danger FROM reports
        WHERE state = 'filed' ORDER BY id DESC LIMIT :last
    )
    SELECT recent.*, cases.reference, routed.facts, partners.code AS partner
    FROM recent JOIN cases ON cases.id = recent.case_id LEFT JOIN LATERAL (
        SELECT facts, report_id FROM routings WHERE routings.case_id = recent.case_id ORDER BY turn LIMIT 1
    ) AS routed ON true
    LEFT JOIN reports AS decided ON decided.id = coalesce(routed.report_id, recent.id)
    LEFT JOIN partners ON partners.id = decided.partner_id
""").bindparams(bindparam("last"))


@dataclass(frozen=True, slots=True)
class Move:
    """Between which agencies, and by which rule of the new ones."""

    origin: str
    target: str
    rule: str
    line: int

    @property
    def is_one(self) -> bool:
        return self.origin != self.target


@dataclass(slots=True)
class BackTest:
    """What would change, counted in reports; `cases` has each case's reference once for the move it would make.

    `rules` is how many each of the new rules would decide, `plain` how many had no sealed facts.
    """

    reports: int = 0
    plain: int = 0
    moves: Counter[Move] = field(default_factory=Counter)
    cases: dict[Move, list[str]] = field(default_factory=dict)
    rules: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def moved(self) -> int:
        return sum(self.moves.values())

    def between(self) -> Mapping[tuple[str, str], int]:
        """How many would move from one agency to another."""
        found: Counter[tuple[str, str]] = Counter()
        for move, count in self.moves.items():
            found[move.origin, move.target] += count
        return dict(found.most_common())


def back_test(session: Session, seal: FactsSeal, live: Matcher, other: Matcher, last: int = LAST) -> BackTest:
    """The last reports by the live rules and by others, both over the agencies of now."""
    tested, judged = BackTest(), dict[UUID, Move]()
    for row in session.execute(RECENT, {"last": min(last, MOST)}).mappings():
        if row["case_id"] not in judged:
            move = judged[row["case_id"]] = _judge(facts_in(seal, row), live, other)
            if move.is_one:
                tested.cases.setdefault(move, []).append(row["reference"])
        _count(tested, judged[row["case_id"]], sealed=row["facts"] is not None)
    return tested


def _judge(facts: Facts, live: Matcher, other: Matcher) -> Move:
    now, then = live.decide(facts), other.decide(facts)
    return Move(now.agency, then.agency, then.rule, then.line)


def _count(tested: BackTest, move: Move, sealed: bool) -> None:
    tested.reports += 1
    tested.plain += not sealed
    tested.rules[move.rule, move.line] += 1
    if move.is_one:
        tested.moves[move] += 1


def facts_in(seal: FactsSeal, row: RowMapping) -> Facts:
    """The facts as they were sealed, or what the plain columns say; the partner always as its column says.

    Raises CannotOpen for facts of another key.
    """
    facts = seal.open(row["case_id"], row["facts"]) if row["facts"] else _plain(row)
    return msgspec.structs.replace(facts, partner=row["partner"])


def _plain(row: RowMapping) -> Facts:
    return Facts(country=row["country"], channel=row["channel"], language=row["language"], danger=row["danger"])


def ordered(tested: BackTest) -> Iterator[tuple[Move, int, Sequence[str]]]:
    """Every move, the largest first, with its cases."""
    for move, count in tested.moves.most_common():
        yield move, count, tested.cases[move]
