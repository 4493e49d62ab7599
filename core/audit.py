"""The audit trail: written before the act it tells of can be seen."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.models import AuditEntry
from core.vocabulary import Act


def record(session: Session, agency: UUID, staff: UUID | None, act: Act, subject: UUID | None = None) -> None:
    """Add one entry to the caller's transaction. `staff` is None for the command line."""
    session.add(AuditEntry(agency_id=agency, staff_id=staff, act=act, subject=subject))
