"""What a case is known by, without a word of it: keyed values, equal for equal things; and what staff regrouped."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Index, Integer, LargeBinary, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import CaseState, Disposition, MarkKind, Regrouping

BANDS = 6
FLOOD = 5
"""Copies of one text above which a case takes copies only: that many people never wrote the same words by chance."""


class CaseMark(Model):
    """An identifier that reports of a case name, as a blind index of the agency, and how often."""

    __tablename__ = "case_marks"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    blind: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    kind: Mapped[MarkKind] = mapped_column(word(MarkKind, 8))
    report_count: Mapped[int] = mapped_column(Integer)
    first_seen_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]


class CaseText(Model):
    """A text that reports of a case have, as a keyed sketch; `copies` of it or of what is like it came."""

    __tablename__ = "case_texts"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    bands: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), comment="keyed values of parts of the sketch")
    sketch: Mapped[bytes] = mapped_column(LargeBinary, comment="keyed, a bit for each word")
    tag: Mapped[int] = mapped_column(BigInteger, comment="keyed; who tells it, for whoever has the sketch and the key")
    copies: Mapped[int] = mapped_column(Integer)
    first_seen_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]

    __table_args__ = (
        *(Index(f"ix_case_texts_band_{band}", text(f"(bands[{band}])")) for band in range(1, BANDS + 1)),
        Index("ix_case_texts_flood", "case_id", postgresql_where=text(f"copies >= {FLOOD}")),
    )


class CaseLink(Model):
    """Two cases that may be about the same thing and are each worked for themselves."""

    __tablename__ = "case_links"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    linked_at: Mapped[Moment] = mapped_column(server_default=func.now())


class RegroupingRecord(Model):
    """Which reports staff moved from one case to another, and why; added to, never changed."""

    __tablename__ = "regroupings"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[Moment] = mapped_column(server_default=func.now())
    act: Mapped[Regrouping] = mapped_column(word(Regrouping, 8))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    reports: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("regroupings.id"), unique=True)
    was_state: Mapped[CaseState] = mapped_column(word(CaseState, 8), comment="of the case they came from, as the rest")
    was_disposition: Mapped[Disposition | None] = mapped_column(word(Disposition, 24))
    was_closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[Sealed]
    wrapped_key: Mapped[Sealed]
