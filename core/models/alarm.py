"""Whom to call, and what they are called for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import AlarmKind, AlarmState, By

ON_CALL = "on-call"
"""The team that is called for danger and deadlines."""


class OnCall(Model):
    """One way to reach one person. Those whose turn is 1 are called first, then those whose turn is 2, ..."""

    __tablename__ = "on_call"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    team: Mapped[str] = mapped_column(String(40), server_default=ON_CALL, comment="other teams: when a rule names them")
    turn: Mapped[int] = mapped_column(SmallInteger)
    by: Mapped[By] = mapped_column(word(By, 16))
    contact: Mapped[Sealed] = mapped_column(comment="the address, enclosed to the courier")
    added_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("turn BETWEEN 1 AND 9", name="turn"),
        CheckConstraint("by IN ('email', 'webhook')", name="by"),
    )


class Alarm(Model):
    """One case that somebody must look at. It rings until somebody takes the case or it is closed."""

    __tablename__ = "alarms"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    kind: Mapped[AlarmKind] = mapped_column(word(AlarmKind, 12))
    team: Mapped[str | None] = mapped_column(String(40), comment="whom a rule names: told once of this case")
    state: Mapped[AlarmState] = mapped_column(word(AlarmState, 8), server_default=AlarmState.RINGING)
    raised_at: Mapped[Moment] = mapped_column(server_default=func.now())
    rings: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    ring_at: Mapped[Moment] = mapped_column(server_default=func.now(), comment="when it rings next")
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint("state IN ('ringing', 'taken', 'over')", name="state"),
        CheckConstraint("(kind = 'rule') = (team IS NOT NULL)", name="rules_name_a_team"),
        Index(
            "uq_alarms_ringing",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'ringing' AND team IS NULL"),
        ),
        Index(
            "uq_alarms_team",
            "case_id",
            "agency_id",
            "team",
            unique=True,
            postgresql_where=text("team IS NOT NULL"),
        ),
        Index("ix_alarms_ring_at", "ring_at", postgresql_where=text("state = 'ringing'")),
        Index("ix_alarms_case_id", "case_id", "kind"),
    )
