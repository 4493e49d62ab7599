"""Who saw or did what. Rows are added and never changed; no sealed value is in them."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, word
from core.vocabulary import Act


class AuditEntry(Model):
    """One act of one person on one thing."""

    __tablename__ = "audit_entries"

    id: Mapped[Id]
    at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), comment="none: the command line")
    act: Mapped[Act] = mapped_column(word(Act, 32))
    subject: Mapped[UUID | None] = mapped_column(comment="the case, report, person or agency")

    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012  # reading the row back is a right its writer may not have
    __table_args__ = (Index("ix_audit_entries_subject", "subject", "at"),)
