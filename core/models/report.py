"""What was sent, and what was saved on the way. A report in state `received` is the letterbox's queue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import Channel, ContextState, Danger, ReportState

WAITING = text("state = 'received'")  # attempts are not in an index: taking a report is a HOT update


class Report(Model):
    """Plain columns are what queues and statistics need; what a person wrote is sealed."""

    __tablename__ = "reports"

    id: Mapped[Id]
    received_at: Mapped[Moment] = mapped_column(server_default=func.now())
    channel: Mapped[Channel] = mapped_column(word(Channel, 16))
    language: Mapped[str] = mapped_column(String(16))
    country: Mapped[str | None] = mapped_column(String(2))
    danger: Mapped[Danger] = mapped_column(word(Danger, 8))

    wrapped_key: Mapped[bytes | None] = mapped_column(comment="the data key, for triage; gone once filed")
    what: Mapped[Sealed]
    link: Mapped[Sealed]
    contact: Mapped[Sealed]
    details: Mapped[bytes | None] = mapped_column(comment="sealed; the other answers, as core.details has them")
    source: Mapped[bytes | None] = mapped_column(comment="sealed; what a partner sent, whole and as it came")
    partner_id: Mapped[UUID | None] = mapped_column(
        comment="who sent it or embedded the tab; no foreign key, its lock would be one row for all of a partner"
    )
    completeness: Mapped[int | None] = mapped_column(
        SmallInteger, comment="0 to 100: how much of what is needed a partner told"
    )
    context_state: Mapped[ContextState | None] = mapped_column(
        word(ContextState, 12), comment="of a report from an app: whether it signed what it added"
    )
    context_id: Mapped[bytes | None] = mapped_column(comment="on its way to `contexts`; never stored here")
    reading: Mapped[bytes | None] = mapped_column(comment="sealed; what triage read in it, and why it has its priority")
    receipt_hash: Mapped[bytes]
    mailbox_key: Mapped[bytes] = mapped_column(comment="X25519 public half; answers are sealed to it")

    crowded: Mapped[bool] = mapped_column(server_default="false", comment="came in a flood without a proof of work")
    proof: Mapped[bytes | None] = mapped_column(comment="on its way to `proofs`; never stored here")
    partial: Mapped[bool] = mapped_column(server_default="false", comment="left half way and never sent")
    withdrawn_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when its person deleted it; what was sealed is gone"
    )

    state: Mapped[ReportState] = mapped_column(word(ReportState, 12), server_default=ReportState.RECEIVED)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    next_try_at: Mapped[Moment] = mapped_column(server_default=func.now())
    trouble: Mapped[str | None] = mapped_column(String(64), comment="the last failure's class, never its text")
    filed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    ended_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when the case it was in was first closed; its receipt tells this and no more"
    )
    priority: Mapped[int | None] = mapped_column(SmallInteger, comment="its own; its case has the most urgent one")
    marks: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default="{}", comment="blind indexes of what it names"
    )
    text_id: Mapped[UUID | None] = mapped_column(comment="the one of `case_texts` that its words are like")

    __table_args__ = (
        CheckConstraint("state IN ('received', 'filed', 'quarantined')", name="state"),
        CheckConstraint("(state = 'filed') = (case_id IS NOT NULL)", name="filed_in_a_case"),
        CheckConstraint("context_state IN ('verified', 'unverified')", name="context_state"),
        CheckConstraint("completeness BETWEEN 0 AND 100", name="completeness"),
        CheckConstraint("state = 'filed' OR wrapped_key IS NOT NULL", name="can_be_opened"),
        Index("ix_reports_waiting", text("(danger <> 'yes')"), "received_at", postgresql_where=WAITING),
        Index("ix_reports_quarantined", "id", postgresql_where=text("state = 'quarantined'")),
        Index("ix_reports_case_id", "case_id"),
        Index("ix_reports_receipt_hash", "receipt_hash"),
        Index(
            "ix_reports_partner",
            "partner_id",
            "received_at",
            postgresql_where=text("partner_id IS NOT NULL"),
        ),
        {"postgresql_with": {"fillfactor": "70"}},
    )


class Draft(Model):
    """A report as it was after one Continue, waiting to be sent. If it never is, the newest arrives as partial."""

    __tablename__ = "drafts"

    id: Mapped[Id]
    saved_at: Mapped[Moment] = mapped_column(server_default=func.now())
    channel: Mapped[Channel] = mapped_column(word(Channel, 16))
    language: Mapped[str] = mapped_column(String(16))
    country: Mapped[str | None] = mapped_column(String(2))
    danger: Mapped[Danger] = mapped_column(word(Danger, 8))
    wrapped_key: Mapped[bytes]
    what: Mapped[Sealed]
    link: Mapped[Sealed]
    contact: Mapped[Sealed]
    details: Mapped[Sealed]
    partner_id: Mapped[UUID | None]
    context_state: Mapped[ContextState | None] = mapped_column(word(ContextState, 12))
    context_id: Mapped[bytes | None] = mapped_column(comment="the app's token, as it will be when it arrives")
    receipt_hash: Mapped[bytes]
    mailbox_key: Mapped[bytes]
    crowded: Mapped[bool] = mapped_column(server_default="false", comment="as it will be when it arrives")

    __table_args__ = (
        Index("ix_drafts_receipt_hash", "receipt_hash", "saved_at"),
        Index("ix_drafts_saved_at", "saved_at"),
    )


class Withdrawal(Model):
    """Its person deleted what they had saved: a tombstone that drafts and partial reports do not outlive."""

    __tablename__ = "withdrawals"

    receipt_hash: Mapped[bytes] = mapped_column(primary_key=True)
    withdrawn_at: Mapped[Moment] = mapped_column(server_default=func.now())


class Proof(Model):
    """A proof of work that was used: it counts once. Forgotten when it would have expired anyway."""

    __tablename__ = "proofs"

    id: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[Moment] = mapped_column(server_default=func.now())


class UsedContext(Model):
    """A token that an app signed, and the receipt it counted for: it counts for no other. Forgotten with its forms."""

    __tablename__ = "contexts"

    id: Mapped[bytes] = mapped_column(primary_key=True)
    receipt_hash: Mapped[bytes]
    used_at: Mapped[Moment] = mapped_column(server_default=func.now())


class ReportKey(Model):
    """A report's data key wrapped to one agency. No wrap, no reading."""

    __tablename__ = "report_keys"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    wrapped_key: Mapped[Sealed]
