"""How complete a partner's reports usually are, as far as one agency sees them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Report, ReportKey

LAST = 100


def usual_completeness(session: Session, agency: UUID, partners: Iterable[UUID]) -> Mapping[UUID, int]:
    """The mean of each one's last hundred reports that this agency holds a key to, 0 to 100."""
    return {partner: mean for partner in set(partners) if (mean := _mean(session, agency, partner)) is not None}


def _mean(session: Session, agency: UUID, partner: UUID) -> int | None:
    held = select(Report.completeness).join(ReportKey, ReportKey.report_id == Report.id)
    theirs = held.where(Report.partner_id == partner, ReportKey.agency_id == agency, Report.completeness.is_not(None))
    last = theirs.order_by(Report.received_at.desc()).limit(LAST).subquery()
    mean = session.scalar(select(func.round(func.avg(last.c.completeness))))
    return None if mean is None else int(mean)
