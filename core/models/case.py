"""What staff work; gathers reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import CaseState, Danger, Disposition


class Case(Model):
    """One piece of work of one agency."""

    __tablename__ = "cases"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    priority: Mapped[int] = mapped_column(SmallInteger)
    country: Mapped[str | None] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(16))
    danger: Mapped[Danger] = mapped_column(word(Danger, 8))
    queue: Mapped[str | None] = mapped_column(String(40), comment="the part of its agency's worklist that a rule names")
    report_count: Mapped[int] = mapped_column(Integer, server_default="1")
    received_at: Mapped[Moment] = mapped_column(comment="of its first report")
    last_received_at: Mapped[Moment] = mapped_column(server_default=func.now(), comment="of its newest report")
    opened_at: Mapped[Moment] = mapped_column(server_default=func.now())
    state: Mapped[CaseState] = mapped_column(word(CaseState, 8), server_default=CaseState.OPEN)
    disposition: Mapped[Disposition | None] = mapped_column(word(Disposition, 24))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when somebody first opened it; an alarm rings until then"
    )
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    clock_from: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="where its deadline counts from; none: from when it was received"
    )
    stopped_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="since when its deadline does not count"
    )
    breached_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when its deadline was seen to have passed"
    )
    merged_into: Mapped[UUID | None] = mapped_column(
        ForeignKey("cases.id"), comment="where its reports are now; it has none of its own then"
    )

    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint(
            "(state = 'closed') = (disposition IS NOT NULL AND closed_at IS NOT NULL)", name="closed_with_a_disposition"
        ),
        Index("ix_cases_untaken", "id", postgresql_where=text("state = 'open' AND priority = 1 AND taken_at IS NULL")),
        Index(
            "ix_cases_running",
            "agency_id",
            "priority",
            "received_at",
            postgresql_where=text("state = 'open' AND breached_at IS NULL"),
        ),
        CheckConstraint("merged_into IS NULL OR state = 'closed'", name="merged_is_closed"),
        Index("ix_cases_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        Index("ix_cases_queue", "agency_id", "priority", "received_at", "id", postgresql_where=text("state = 'open'")),
        Index(
            "ix_cases_named_queue",
            "agency_id",
            "queue",
            "priority",
            "received_at",
            "id",
            postgresql_where=text("state = 'open' AND queue IS NOT NULL"),
        ),
    )


class DispositionRecord(Model):
    """How a case ended, who said so and why; added to, never changed."""

    __tablename__ = "dispositions"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.now())
    disposition: Mapped[Disposition] = mapped_column(word(Disposition, 24))
    reason: Mapped[Sealed]
    wrapped_key: Mapped[Sealed]
