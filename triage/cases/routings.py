"""The agencies a case was given to, in their order, and why: opened with the key of whoever has it now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from core.errors import CannotOpen
from core.models import Agency, ReportKey, Routing
from core.sealing import KeyRing, Row
from core.vocabulary import RefusalReason, RoutingTrouble
from triage.routing.decision import Other
from triage.routing.why import Why

FACTS = ("turn", "decided_at", "trouble", "queue", "refusal", "refused_at")


@dataclass(frozen=True, slots=True)
class OpenedRouting:
    """One turn; `why` is None when it does not open, `refusal` when the agency kept the case.

    `others` are the other jurisdictions, each with its agency's name if one is known.
    """

    agency: str
    turn: int
    decided_at: datetime
    trouble: RoutingTrouble | None
    queue: str | None
    refusal: RefusalReason | None
    refused_at: datetime | None
    why: Why | None
    others: Sequence[tuple[str | None, Other]]


def open_routings(session: Session, ring: KeyRing, agency: UUID, case_id: UUID) -> Sequence[OpenedRouting]:
    """Every turn of a case that is this agency's, the first one first."""
    rows = session.execute(
        select(*(getattr(Routing, name) for name in (*FACTS, "report_id", "why")), Agency.name, ReportKey.wrapped_key)
        .join(Agency, Agency.id == Routing.agency_id)
        .outerjoin(ReportKey, (ReportKey.report_id == Routing.report_id) & (ReportKey.agency_id == agency))
        .where(Routing.case_id == case_id)
        .order_by(Routing.turn)
    )
    opened = [(row, _why(ring, case_id, row)) for row in rows.mappings()]
    names = _names(session, {other.agency for _, why in opened if why for other in why.others if other.agency})
    return [_opened(row, why, names) for row, why in opened]


def _opened(row: RowMapping, why: Why | None, names: Mapping[str, str]) -> OpenedRouting:
    others = [(names.get(other.agency or ""), other) for other in (why.others if why else ())]
    return OpenedRouting(agency=row["name"], why=why, others=others, **{name: row[name] for name in FACTS})


def _names(session: Session, codes: Collection[str]) -> Mapping[str, str]:
    found = session.execute(select(Agency.code, Agency.name).where(Agency.code.in_(codes))) if codes else ()
    return {row.code: row.name for row in found}


def _why(ring: KeyRing, case: UUID, row: RowMapping) -> Why | None:
    try:
        with ring.unwrap(Row("reports", row["report_id"]), row["wrapped_key"] or b"") as key:
            return Why.open(key, case, row["turn"], row["why"])
    except CannotOpen:
        return None
