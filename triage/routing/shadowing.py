"""What the shadow would have changed, counted as cases came in; and where the live rules could not be followed."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.models import Agency, Routing, RoutingDocument
from core.vocabulary import RulesState


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many cases the shadow was asked about, the moves it would have made, and alarms by their reason."""

    cases: int
    moves: Mapping[tuple[str, str], int]
    trouble: Mapping[str, int]


def compare(session: Session) -> Comparison:
    """Of what is in the shadow now."""
    shadow = session.scalar(select(RoutingDocument.id).where(RoutingDocument.state == RulesState.SHADOW))
    asked = Routing.shadow_document_id == shadow
    ours, theirs = aliased(Agency), aliased(Agency)
    moves = (
        select(ours.code, theirs.code, func.count())
        .select_from(Routing)
        .join(ours, ours.id == Routing.agency_id)
        .join(theirs, theirs.id == Routing.shadow_agency_id)
        .where(asked)
        .group_by(ours.code, theirs.code)
        .order_by(func.count().desc(), ours.code, theirs.code)
    )
    trouble = select(Routing.trouble, func.count()).where(Routing.trouble.is_not(None)).group_by(Routing.trouble)
    return Comparison(
        session.scalar(select(func.count()).select_from(Routing).where(asked)) or 0 if shadow else 0,
        {(origin, target): count for origin, target, count in session.execute(moves)},
        {word.value: count for word, count in session.execute(trouble) if word},
    )
