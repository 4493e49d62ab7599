"""Sessions: a random token in the cookie, its hash in PostgreSQL; a disabled person's end at once."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, delete, func, or_, update
from sqlalchemy.orm import Session

from core.db import transaction
from core.models import Agency, Staff, StaffSession
from core.settings import Settings
from triage.cases.person import Person

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def start(session: Session, staff_id: UUID, settings: Settings) -> str:
    """Begin a session; sessions that are over leave the table."""
    token = new_token()
    session.execute(delete(StaffSession).where(_is_over(settings)))
    session.add(StaffSession(token_hash=_hashed(token), staff_id=staff_id))
    return token


def whose(engine: Engine, token: str, settings: Settings) -> Person | None:
    """Who is at work with this token; None when it is not known, over, or its person is disabled.

    Asking keeps the session from falling idle.
    """
    seen = (
        update(StaffSession)
        .where(StaffSession.token_hash == _hashed(token), ~_is_over(settings))
        .where(Staff.id == StaffSession.staff_id, Staff.disabled_at.is_(None), Agency.id == Staff.agency_id)
        .values(seen_at=func.now())
        .returning(Staff.id, Staff.name, Staff.role, Agency.id, Agency.code, Agency.name, Agency.home)
    )
    with transaction(engine) as session:
        found = session.execute(seen, execution_options={"synchronize_session": False}).first()
    return Person(*found) if found else None


def end(session: Session, token: str) -> None:
    """Log out; only this session ends."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == _hashed(token)))


def _is_over(settings: Settings) -> ColumnElement[bool]:
    idle, whole = timedelta(minutes=settings.session_minutes), timedelta(hours=settings.session_hours)
    return or_(StaffSession.seen_at < func.now() - idle, StaffSession.started_at < func.now() - whole)


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
