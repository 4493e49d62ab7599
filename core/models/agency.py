"""Organisations that take cases; the directory is all of them, by country."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Id, Model, Moment, word
from core.vocabulary import AgencyKind


class Agency(Model):
    """One row of the directory. A connected agency has a key and a queue here."""

    __tablename__ = "agencies"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[AgencyKind] = mapped_column(word(AgencyKind, 16))
    country: Mapped[str | None] = mapped_column(String(2), index=True)
    facts: Mapped[dict[str, object]] = mapped_column(JSONB, comment="the directory's row, its source included")
    home: Mapped[bool] = mapped_column(server_default=text("false"), comment="the hotline that runs this")
    public_key: Mapped[str | None] = mapped_column(comment="set once connected")
    way: Mapped[dict[str, object] | None] = mapped_column(
        JSONB(none_as_null=True), comment="how it receives, as triage.referrals.ways has it"
    )
    way_secret: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="what it takes to log in there, sealed to the courier"
    )
    hours: Mapped[dict[str, object] | None] = mapped_column(
        JSONB(none_as_null=True), comment="when it works and how soon, as triage.deadlines has it"
    )
    imported: Mapped[dict[str, object]] = mapped_column(
        JSONB, server_default=text("'{}'"), default=dict, comment="its row as it was last imported"
    )
    imported_from: Mapped[str | None] = mapped_column(String(80), comment="the list it was in")
    edited: Mapped[dict[str, object]] = mapped_column(
        JSONB,
        server_default=text("'{}'"),
        default=dict,
        comment="for each field edited here, what the list said of it when that was decided",
    )
    changed_on: Mapped[date | None] = mapped_column(comment="when a public fact changed after it was checked here")
    removed_at: Mapped[Moment | None] = mapped_column(comment="since when it is not in the directory")

    __table_args__ = (
        CheckConstraint("NOT home OR public_key IS NOT NULL", name="home_is_connected"),
        Index("uq_agencies_home", "home", unique=True, postgresql_where=text("home")),
    )
