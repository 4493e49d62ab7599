"""Links that hosting providers are asked to remove, the notices that ask for it, and who the providers are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import Offence, TakedownState

RUNNING = text("state IN ('open', 'answered')")


class Provider(Model):
    """A hosting provider's abuse contact, kept by hand. Those without an agency are there for every agency."""

    __tablename__ = "providers"

    id: Mapped[Id]
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str] = mapped_column(String(200))
    way: Mapped[dict[str, object]] = mapped_column(JSONB, comment="how it receives, as triage.referrals.ways has it")
    sites: Mapped[list[str]] = mapped_column(
        ARRAY(String(253)), server_default="{}", comment="domains by which it is suggested"
    )
    added_at: Mapped[Moment] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="since when it is offered no more; what runs goes on"
    )

    __table_args__ = (
        Index(
            "uq_providers_contact",
            "agency_id",
            "way",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )


class Takedown(Model):
    """One link of one case that one provider is asked to remove; a link runs once in an agency."""

    __tablename__ = "takedowns"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), comment="who asked")
    asked_at: Mapped[Moment] = mapped_column(server_default=func.now())
    offence: Mapped[Offence] = mapped_column(word(Offence, 16))
    mark: Mapped[bytes] = mapped_column(LargeBinary, comment="keyed; equal for the same link of one agency")
    link: Mapped[Sealed]
    why: Mapped[Sealed]
    wrapped_key: Mapped[Sealed]
    letter: Mapped[bytes | None] = mapped_column(
        comment="what the provider is told, enclosed to the courier; gone once it is over"
    )
    state: Mapped[TakedownState] = mapped_column(word(TakedownState, 12), server_default=TakedownState.OPEN)
    wanted: Mapped[bool] = mapped_column(server_default=text("true"), comment="a notice is to be sent at once")
    notices: Mapped[int] = mapped_column(SmallInteger, server_default="0", comment="that were made of it")
    check_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when staff are asked whether it is gone"
    )
    unknown_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when its host's name was last found to lead nowhere"
    )
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered', 'removed', 'refused', 'stopped')", name="state"),
        CheckConstraint("(state IN ('open', 'answered')) = (letter IS NOT NULL)", name="over_is_forgotten"),
        CheckConstraint("state = 'open' OR NOT wanted", name="wanted_is_open"),
        Index("uq_takedowns_running", "agency_id", "mark", unique=True, postgresql_where=RUNNING),
        Index("ix_takedowns_mark", "agency_id", "mark"),
        Index("ix_takedowns_wanted", "agency_id", "provider_id", postgresql_where=text("wanted")),
        Index("ix_takedowns_check", "agency_id", "check_at", postgresql_where=RUNNING),
    )


class TakedownNotice(Model):
    """One link in one notice. The notice is a delivery: how far it came is there."""

    __tablename__ = "takedown_notices"

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    takedown_id: Mapped[UUID] = mapped_column(ForeignKey("takedowns.id"), primary_key=True, index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
