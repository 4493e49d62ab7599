"""Operators that send reports or embed the tab: who they are, what proves it, and which of their keys were used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, String, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, word
from core.vocabulary import CredentialKind


class Partner(Model):
    """One operator. It can send, and read nothing back."""

    __tablename__ = "partners"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True, comment="its name in addresses")
    name: Mapped[str] = mapped_column(String(200))
    username: Mapped[str] = mapped_column(String(60), unique=True)
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    origins: Mapped[list[str]] = mapped_column(
        ARRAY(String), server_default=text("'{}'"), comment="exact origins that may embed the tab"
    )
    jwks: Mapped[dict[str, object] | None] = mapped_column(
        JSONB(none_as_null=True), comment="its public keys (RFC 7517); nothing is fetched from anywhere"
    )
    must_sign: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="whether a request of its server counts only when it is signed"
    )
    quota_per_minute: Mapped[int] = mapped_column(Integer)
    quarantined_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tells_submitted: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="whether its page is told that something was sent"
    )

    __table_args__ = (
        CheckConstraint("quota_per_minute > 0", name="quota"),
        CheckConstraint("jwks IS NOT NULL OR NOT must_sign", name="can_sign"),
    )


class PartnerCredential(Model):
    """A secret of a partner, as a keyed hash. Two of a kind may be live, so that they can be changed without a gap."""

    __tablename__ = "partner_credentials"

    id: Mapped[Id]
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), index=True)
    kind: Mapped[CredentialKind] = mapped_column(word(CredentialKind, 8))
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (CheckConstraint("kind IN ('password', 'api_key')", name="kind"),)


class IdempotencyKey(Model):
    """A key a partner gave with a report: sent again it is that report, for as long as it is remembered."""

    __tablename__ = "idempotency_keys"

    id: Mapped[bytes] = mapped_column(primary_key=True, comment="keyed hash of partner, door and key")
    content: Mapped[bytes] = mapped_column(comment="keyed hash of what came with it")
    report_id: Mapped[UUID]
    used_at: Mapped[Moment] = mapped_column(server_default=func.now(), index=True)
