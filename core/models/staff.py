"""People who work here, and their log-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, SmallInteger, String, func
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, Sealed, word
from core.vocabulary import Role


class Staff(Model):
    """A member of staff of one agency."""

    __tablename__ = "staff"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(word(Role, 16))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"))
    password_hash: Mapped[str] = mapped_column(String(200), comment="argon2id")
    totp_secret: Mapped[Sealed] = mapped_column(comment="sealed under the console's staff key")
    totp_step: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="the last step used; each works once"
    )
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("role IN ('analyst', 'supervisor', 'administrator')", name="role"),)


class StaffSession(Model):
    """A log-in; only the token's hash is kept."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[Moment] = mapped_column(server_default=func.now())
    seen_at: Mapped[Moment] = mapped_column(server_default=func.now())
