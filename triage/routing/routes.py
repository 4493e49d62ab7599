"""The routes as they are now: the live rules and their shadow over the agencies there are.

A report is never lost by a rule: what cannot be decided is the hotline's, with the reason stored.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from core.models import RoutingDocument
from core.sealing import PublicKey
from core.vocabulary import RoutingTrouble, RulesState
from triage.routing.book import Book, public_key, read_book
from triage.routing.decision import Decision
from triage.routing.facts import Facts
from triage.routing.matcher import NOBODY, Matcher
from triage.routing.parsing import parse
from triage.routing.why import Why

KNOWN_AT_ONCE = 4_096

log = structlog.get_logger()

IN_FORCE = sql("SELECT id, version, state FROM routing_documents WHERE state IN ('live', 'shadow')")


@dataclass(frozen=True, slots=True)
class Route:
    """Where to, by which version, what was wrong with following it; `why` and `facts` as they are sealed."""

    decision: Decision
    document: UUID | None
    trouble: RoutingTrouble | None
    why: str
    facts: str


@dataclass(frozen=True, slots=True)
class Rules:
    """One version, compiled; without a matcher when its text cannot be read any more. Decided once, it is known."""

    id: UUID
    version: int
    matcher: Matcher | None
    known: dict[Facts, Route] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Routes:
    """What a batch is routed by."""

    book: Book
    live: Rules | None
    shadow: Rules | None

    def decide(self, facts: Facts, without: frozenset[str] = NOBODY, refused_by: str | None = None) -> Route:
        """Never raises: a rule that fails is an alarm and the hotline's work. `without` and `refused_by`: refusals."""
        if self.live is None:
            return self._route(self._at_home(), facts, RoutingTrouble.NO_RULES)
        if without or facts not in self.live.known:
            return self._kept(self.live, facts, without, refused_by)
        return self.live.known[facts]

    def _kept(self, live: Rules, facts: Facts, without: frozenset[str], refused_by: str | None) -> Route:
        route = self._route(*self._decide(live, facts, without, refused_by))
        if len(live.known) >= KNOWN_AT_ONCE:
            live.known.clear()
        if not without:
            live.known[facts] = route
        return route

    def _decide(
        self, live: Rules, facts: Facts, without: frozenset[str], refused_by: str | None
    ) -> tuple[Decision, Facts, RoutingTrouble | None]:
        if live.matcher is None:
            return self._at_home(), facts, RoutingTrouble.UNREADABLE
        try:
            decision = live.matcher.decide(facts, without, refused_by)
            missed = live.matcher.misses(facts, decision)
        except Exception as error:  # the edge of the rules: whatever is wrong with them, the report is kept
            log.error("routing.failed", error=type(error).__name__)
            return self._at_home(), facts, RoutingTrouble.FAILED
        return decision, facts, RoutingTrouble.NO_SUCH_AGENCY if missed else None

    def shadowed(self, facts: Facts) -> str | None:
        """The agency, by its code, that the shadow would choose; None when it chooses none."""
        try:
            return self.shadow.matcher.decide(facts).agency if self.shadow and self.shadow.matcher else None
        except Exception as error:  # a shadow changes nothing, also when it fails
            log.error("routing.shadow_failed", error=type(error).__name__)
            return None

    def id_of(self, agency: str) -> UUID:
        return self.book.entries[agency].id

    def name_of(self, agency: UUID) -> str:
        return next(entry.name for entry in self.book.entries.values() if entry.id == agency)

    def key_of(self, agency: UUID) -> PublicKey:
        """The key of an agency that has a queue here."""
        return public_key(self.book.keys[agency])

    def _at_home(self) -> Decision:
        return Decision(self.book.home.code, "", 0)

    def _route(self, decision: Decision, facts: Facts, trouble: RoutingTrouble | None) -> Route:
        document, version = (self.live.id, self.live.version) if self.live else (None, None)
        why = Why(decision.rule, decision.line, facts, version, decision.others)
        return Route(decision, document, trouble, why.to_text(), facts.to_text())


def read_routes(session: Session) -> Routes:
    """The rules and agencies of this moment: one statement sees one live document. Raises NoHomeAgency."""
    book = read_book(session)
    found = {row.state: _rules(session, row.id, row.version, book) for row in session.execute(IN_FORCE)}
    return Routes(book, found.get(RulesState.LIVE), found.get(RulesState.SHADOW))


def _rules(session: Session, document: UUID, version: int, book: Book) -> Rules:
    """Compiled once for each version and book; a version's text never changes."""
    kept = _place(document, book)
    if not kept:
        text = session.scalar(select(RoutingDocument.text).where(RoutingDocument.id == document)) or ""
        kept.append(Rules(document, version, _compile(text, book)))
    return kept[0]


def _compile(text: str, book: Book) -> Matcher | None:
    try:
        document, _ = parse(text)
        return Matcher(document, book) if document else None
    except Exception as error:  # the edge of the rules, as above
        log.error("routing.unreadable", error=type(error).__name__)
        return None


@lru_cache(maxsize=8)
def _place(document: UUID, book: Book) -> list[Rules]:
    """An empty place for what is compiled once."""
    return []
