"""The documents kept here: saved as drafts, tried out in the shadow, published, retired. One is live at any instant."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.ids import uuid7
from core.models import Agency, RoutingDocument
from core.vocabulary import Act, RulesState
from triage.routing.book import Book, read_book
from triage.routing.checking import check
from triage.routing.document import Document, Problem
from triage.routing.golden import Judged, find_moved
from triage.routing.names import Names, read_names

DEFAULT = Path(__file__).parent / "default.rules"
LOCK = text("SELECT pg_advisory_xact_lock(hashtext('routing_documents'))")
LIVE = select(RoutingDocument).where(RoutingDocument.state == RulesState.LIVE)


class WrongRules(HotlineError):
    """These rules cannot be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class GoldenMoved(HotlineError):
    """Examples of the golden set would go elsewhere."""

    def __init__(self, moved: Sequence[Judged]) -> None:
        told = "\n".join(map(str, moved))
        names = " ".join(f'--accept "{one.name}"' for one in moved)
        super().__init__(f"{told}\nNothing was published. Where that is meant, publish with {names}.")
        self.moved = moved


def ensure_rules(session: Session) -> None:
    """The default rules, live, where there are none yet."""
    if session.scalar(select(func.count()).select_from(RoutingDocument)):
        return
    first = _add(session, DEFAULT.read_text(encoding="utf-8"), "OpenHotline")
    session.flush()  # so that it is there to be published
    _make_live(session, first)


def read_live(session: Session) -> RoutingDocument | None:
    return session.scalar(LIVE)


def list_documents(session: Session) -> Sequence[RoutingDocument]:
    """Every version, the newest first."""
    return session.scalars(select(RoutingDocument).order_by(RoutingDocument.version.desc())).all()


def usable(session: Session, rules: str, names: Names | None = None) -> tuple[Document, Book]:
    """The rules read and checked against the agencies, and the names, of now. Raises WrongRules."""
    book = read_book(session)
    document, problems = check(rules, book, names)
    if document is None:
        raise WrongRules(problems)
    return document, book


def save_draft(session: Session, rules: str, author: str) -> RoutingDocument:
    """A new version; the same text as the newest one's draft is that one again. Raises WrongRules."""
    usable(session, rules, read_names(session))
    session.execute(LOCK)
    newest = session.scalar(select(RoutingDocument).order_by(RoutingDocument.version.desc()).limit(1))
    if newest and newest.state in (RulesState.DRAFT, RulesState.SHADOW) and newest.text == rules:
        return newest
    return _add(session, rules, author)


def shadow(session: Session, rules: str, author: str) -> RoutingDocument:
    """From now on these rules are asked beside the live ones, and change nothing. Raises WrongRules."""
    document = save_draft(session, rules, author)
    end_shadow(session)
    _change(session, document, state=RulesState.SHADOW, shadowed_at=func.now())
    _record(session, Act.ROUTING_SHADOWED, document)
    return document


def end_shadow(session: Session) -> None:
    """What is in the shadow is a draft again."""
    session.execute(LOCK)
    shadowed = update(RoutingDocument).where(RoutingDocument.state == RulesState.SHADOW)
    session.execute(shadowed.values(state=RulesState.DRAFT))


def publish(session: Session, rules: str, author: str, accepted: Sequence[str] = ()) -> RoutingDocument:
    """These rules decide from now on; workers see them with their next batch.

    `accepted` names examples that may move. Raises WrongRules, GoldenMoved.
    """
    session.execute(LOCK)
    document, book = usable(session, rules, read_names(session))
    live = read_live(session)
    moved = find_moved(live.text if live else "", document, book)
    if left := [one for one in moved if one.name not in accepted]:
        raise GoldenMoved(left)
    saved = save_draft(session, rules, author)
    session.flush()  # so that it is there to be published
    _make_live(session, saved)
    return saved


def _make_live(session: Session, document: RoutingDocument) -> None:
    """In one transaction: who looks sees the one before or this one, never none and never both."""
    before = session.scalar(LIVE.with_for_update())
    if before is not None:
        _change(session, before, state=RulesState.RETIRED, retired_at=func.now())
        _record(session, Act.ROUTING_RETIRED, before)
    _change(session, document, state=RulesState.LIVE, published_at=func.now())
    _record(session, Act.ROUTING_PUBLISHED, document)


def _add(session: Session, rules: str, author: str) -> RoutingDocument:
    """Its number is one more than the last, counted under the lock."""
    session.execute(LOCK)
    last = session.scalar(select(func.max(RoutingDocument.version))) or 0
    digest = hashlib.sha256(rules.encode()).digest()
    document = RoutingDocument(
        id=uuid7(), version=last + 1, text=rules, hash=digest, author=author[:200], state=RulesState.DRAFT
    )
    session.add(document)
    session.flush()  # its number must be seen by the next who counts
    return document


def _change(session: Session, document: RoutingDocument, **values: object) -> None:
    session.execute(update(RoutingDocument).where(RoutingDocument.id == document.id).values(**values))
    session.refresh(document)


def _record(session: Session, act: Act, document: RoutingDocument) -> None:
    home = session.scalars(select(Agency.id).where(Agency.home)).one()
    audit.record(session, home, None, act, document.id)
