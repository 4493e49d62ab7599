"""The rules that say where reports go, kept whole while the directory under them changes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import HotlineError
from core.models import RoutingDocument
from core.vocabulary import RulesState
from triage.routing.book import Book, read_book
from triage.routing.checking import check
from triage.routing.documents import LOCK
from triage.routing.golden import check_golden

IN_FORCE = select(RoutingDocument).where(RoutingDocument.state.in_([RulesState.LIVE, RulesState.SHADOW]))


class RulesInTheWay(HotlineError):
    """Rules that are in force could not be followed any more."""

    def __init__(self, problems: list[str]) -> None:
        told = "\n".join(problems)
        super().__init__(f"{told}\nNothing was changed: publish other rules first (docs/routing.md).")


@contextmanager
def rules_kept(session: Session) -> Iterator[None]:
    """What is changed inside must leave the live rules, their golden set and the shadow as right as they were.

    Nobody publishes meanwhile. Raises RulesInTheWay.
    """
    session.execute(LOCK)
    documents = session.scalars(IN_FORCE).all()
    before = _problems(session, documents)
    yield
    session.flush()  # so that the rules are judged by what is there now
    if new := [one for one in _problems(session, documents) if one not in before]:
        raise RulesInTheWay(new)


def _problems(session: Session, documents: Sequence[RoutingDocument]) -> list[str]:
    book = read_book(session) if documents else None
    return [problem for one in documents for problem in _problems_of(one, book)] if book else []


def _problems_of(rules: RoutingDocument, book: Book) -> Iterator[str]:
    """An example that moves matters in the live rules: those of the shadow are judged when they are published."""
    document, problems = check(rules.text, book)
    yield from (f"The {rules.state} rules, {problem}" for problem in problems)
    if document and rules.state is RulesState.LIVE:
        yield from (f"The {rules.state} rules, {one}" for one in check_golden(document, book) if one.has_moved)
