"""Reports that a partner opened and adds to. What was sealed goes when one is finished, retracted or lapses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import Channel, Danger, OpenState


class OpenReport(Model):
    """Sealed to the place it takes among the reports. Afterwards only its number and how it ended are left."""

    __tablename__ = "open_reports"

    number: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="what its partner calls it; random"
    )
    partner_id: Mapped[UUID]
    state: Mapped[OpenState] = mapped_column(word(OpenState, 12), server_default=OpenState.OPEN)
    opened_at: Mapped[Moment] = mapped_column(server_default=func.now())
    lapses_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[UUID | None] = mapped_column(comment="the request that did; the letterbox may ask twice")
    batched: Mapped[bool] = mapped_column(comment="may hold one file only")

    report_id: Mapped[UUID]
    channel: Mapped[Channel] = mapped_column(word(Channel, 16))
    language: Mapped[str] = mapped_column(String(16))
    country: Mapped[str | None] = mapped_column(String(2))
    danger: Mapped[Danger] = mapped_column(word(Danger, 8))
    crowded: Mapped[bool] = mapped_column(server_default="false")
    wrapped_key: Mapped[bytes | None]
    what: Mapped[bytes | None]
    link: Mapped[bytes | None]
    contact: Mapped[bytes | None]
    details: Mapped[bytes | None]
    source: Mapped[bytes | None]
    completeness: Mapped[int | None] = mapped_column(SmallInteger)
    receipt_hash: Mapped[bytes | None]
    mailbox_key: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'finished', 'retracted')", name="state"),
        CheckConstraint("(state = 'open') = (wrapped_key IS NOT NULL)", name="sealed_while_open"),
        Index("ix_open_reports_lapses_at", "lapses_at", postgresql_where=text("state = 'open'")),
        Index("ix_open_reports_ended_at", "ended_at", postgresql_where=text("state <> 'open'")),
    )


class ReportPart(Model):
    """One uploaded file, by its hashes, and what was said of it later; each sealed with a key of its own."""

    __tablename__ = "report_parts"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(BigInteger, ForeignKey("open_reports.number", ondelete="CASCADE"), index=True)
    report_id: Mapped[UUID] = mapped_column(index=True, comment="the place its report takes")
    added_at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())
    upload_key: Mapped[Sealed]
    upload: Mapped[Sealed]
    details_key: Mapped[bytes | None]
    details: Mapped[bytes | None]
