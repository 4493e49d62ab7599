"""Cases sent to other agencies, and everything that is on its way out of here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, word
from core.vocabulary import By, DeliveryKind, DeliveryState, Trouble

DUE = text("state IN ('waiting', 'sending', 'failed')")


class Referral(Model):
    """One case sent to one agency: by whom and why. How far it came is in its delivery, which has the same id."""

    __tablename__ = "referrals"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    to_agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), comment="none: a rule sent it")
    made_at: Mapped[Moment] = mapped_column(server_default=func.now())
    reason: Mapped[bytes | None] = mapped_column(comment="enclosed to the agency that sends; none: a rule has no words")
    handed: Mapped[bytes | None] = mapped_column(comment="enclosed to an agency that reads it in this console")
    read_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when the other agency first opened it here"
    )

    __table_args__ = (
        Index(
            "ix_referrals_received",
            "to_agency_id",
            text("made_at DESC"),
            postgresql_where=text("handed IS NOT NULL"),
        ),
    )


class Delivery(Model):
    """One thing on its way out. Its id goes with it on every attempt, so that the other side knows it again."""

    __tablename__ = "deliveries"

    id: Mapped[Id]
    kind: Mapped[DeliveryKind] = mapped_column(word(DeliveryKind, 12))
    by: Mapped[By] = mapped_column(word(By, 16))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"), comment="whose staff look after it")
    to_agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agencies.id"))
    on_call_id: Mapped[UUID | None] = mapped_column(ForeignKey("on_call.id", ondelete="CASCADE"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("providers.id"))
    letter: Mapped[bytes | None] = mapped_column(comment="enclosed to the courier; gone once delivered")
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState, 12), server_default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    before: Mapped[int] = mapped_column(
        SmallInteger, server_default="0", comment="attempts made before a person had it sent again"
    )
    made_at: Mapped[Moment] = mapped_column(server_default=func.now())
    next_try_at: Mapped[Moment] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    trouble: Mapped[Trouble | None] = mapped_column(word(Trouble, 16))
    remote: Mapped[str | None] = mapped_column(String(64), comment="what the other side opened and has not finished")
    receipt: Mapped[str | None] = mapped_column(String(200), comment="the other side's")

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'delivered', 'failed', 'given_up')", name="state"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_once"),
        CheckConstraint("state = 'delivered' OR letter IS NOT NULL", name="can_be_sent"),
        Index("ix_deliveries_due", text("(kind <> 'alarm')"), "next_try_at", postgresql_where=DUE),
        Index("ix_deliveries_agency", "agency_id", text("made_at DESC")),
        Index(
            "ix_deliveries_undelivered",
            "agency_id",
            "made_at",
            postgresql_where=text("state IN ('failed', 'given_up')"),
        ),
        Index("ix_deliveries_on_call", "on_call_id", "made_at", postgresql_where=text("on_call_id IS NOT NULL")),
        Index("ix_deliveries_old", "made_at", postgresql_where=text("kind IN ('alarm', 'digest')")),
    )


class Circuit(Model):
    """How an address has answered lately. While it is broken nothing is sent there; then one thing is tried."""

    __tablename__ = "circuits"

    target: Mapped[UUID] = mapped_column(primary_key=True, comment="an agency, a provider, or somebody on call")
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0", comment="one after the other")
    broken_until: Mapped[Moment] = mapped_column(server_default=func.now())
