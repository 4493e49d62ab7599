"""Rules that say where reports go, in all their versions, and why each case went where it went."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, SmallInteger, String, Text, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import RefusalReason, RoutingTrouble, RulesState


class RoutingDocument(Model):
    """One version. Its text never changes: another text is another version."""

    __tablename__ = "routing_documents"

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(Integer, unique=True)
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(comment="SHA-256 of the text in UTF-8")
    author: Mapped[str] = mapped_column(String(200))
    state: Mapped[RulesState] = mapped_column(word(RulesState, 8), server_default=RulesState.DRAFT)
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    shadowed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'shadow', 'live', 'retired')", name="state"),
        Index("uq_routing_documents_live", "state", unique=True, postgresql_where=sql("state = 'live'")),
        Index("uq_routing_documents_shadow", "state", unique=True, postgresql_where=sql("state = 'shadow'")),
    )


class Routing(Model):
    """One case given to one agency. The last turn of a case is its owner's; those before it have refused."""

    __tablename__ = "routings"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    turn: Mapped[int] = mapped_column(SmallInteger, primary_key=True, comment="how many have refused before")
    agency_id: Mapped[UUID] = mapped_column(comment="one of a case's agencies, which are looked after there")
    decided_at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())
    document_id: Mapped[UUID | None] = mapped_column(
        comment="the version that decided; no foreign key, none is deleted"
    )
    trouble: Mapped[RoutingTrouble | None] = mapped_column(
        word(RoutingTrouble, 16), comment="an alarm: the rules could not be followed"
    )
    queue: Mapped[str | None] = mapped_column(String(40))
    notify: Mapped[str | None] = mapped_column(String(200), comment="names, with commas")
    report_id: Mapped[UUID] = mapped_column(comment="whose data key opens `why`")
    why: Mapped[Sealed]
    facts: Mapped[bytes | None] = mapped_column(comment="what the rules looked at, sealed for back-tests")
    shadow_document_id: Mapped[UUID | None] = mapped_column(comment="the shadow that was asked too")
    shadow_agency_id: Mapped[UUID | None] = mapped_column(comment="where it would have gone, if elsewhere")
    refusal: Mapped[RefusalReason | None] = mapped_column(word(RefusalReason, 16))
    refused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refused_by: Mapped[UUID | None] = mapped_column(comment="the member of staff")

    __table_args__ = (
        CheckConstraint("(refusal IS NULL) = (refused_at IS NULL)", name="refused_with_a_reason"),
        Index(
            "ix_routings_shadow",
            "shadow_document_id",
            "shadow_agency_id",
            postgresql_where=sql("shadow_document_id IS NOT NULL"),
        ),
        Index("ix_routings_trouble", "decided_at", postgresql_where=sql("trouble IS NOT NULL")),
    )
