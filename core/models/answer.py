"""What staff write to somebody who reported."""

from uuid import UUID

from sqlalchemy import ForeignKey, Integer, func
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed


class Answer(Model):
    """Kept twice: sealed to the agency that wrote it, and to the mailbox of the report it answers."""

    __tablename__ = "answers"

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[Moment] = mapped_column(server_default=func.now())
    words: Mapped[Sealed]
    wrapped_key: Mapped[Sealed]
    for_reporter: Mapped[Sealed] = mapped_column(comment="the same words, sealed to the mailbox")
    reporters: Mapped[int] = mapped_column(Integer, server_default="1", comment="how many it was written to")


class AnswerCopy(Model):
    """The same words for another reporter of the case, sealed to their own mailbox."""

    __tablename__ = "answer_copies"

    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True, index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    for_reporter: Mapped[Sealed]
