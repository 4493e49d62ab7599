"""Logging in: every try is counted before it is looked at, and every refusal is the same refusal."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from core import audit
from core.db import transaction
from core.errors import CannotOpen
from core.keys import ConsoleKeys
from core.models import Staff
from core.settings import Settings
from core.vocabulary import Act
from triage.console import sessions
from triage.console.credentials import open_totp_secret, password_matches, step_of

TRIES = 10
LOCKED_FOR = timedelta(minutes=15)
_MOST_COUNTED = 30_000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Try:
    """What somebody typed, and the token of the session their browser came with, if any."""

    login: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    earlier: str | None = field(repr=False)


def log_in(engine: Engine, keys: ConsoleKeys, settings: Settings, typed: Try) -> str | None:
    """The token of a new session; the earlier one ends. None, after the same work, for whatever reason it may be."""
    with transaction(engine) as session:
        person = count_try(session, typed.login)
    right = password_matches(person.password_hash if person else None, typed.password)
    step = _step(keys, person, typed.code)
    if person is None or step is None or not right:
        return None
    with transaction(engine, person.agency_id) as session:
        if not use_step(session, person, step):
            return None
        audit.record(session, person.agency_id, person.id, Act.LOGGED_IN, person.id)
        sessions.end(session, typed.earlier or "")
        return sessions.start(session, person.id, settings)


def count_try(session: Session, login: str) -> Staff | None:
    """Count a try that is about to be made; whose it may be, or None: unknown, disabled or locked.

    Counted first, so that tries made at the same time cannot pass the limit together.
    """
    named = select(Staff).where(Staff.login == login.strip().lower(), Staff.disabled_at.is_(None))
    person = session.scalar(named.with_for_update())
    if person is None:
        return None
    now: datetime = session.scalars(select(func.now())).one()
    locked = _is_locked(person, now)
    person.failures = min(person.failures + 1, _MOST_COUNTED)
    if not locked and person.failures >= TRIES:
        person.locked_until = now + LOCKED_FOR
    return None if locked else person


def use_step(session: Session, person: Staff, step: int) -> bool:
    """Use up a code's step and forget the failures; False when it, or a later one, was used already."""
    using = (
        update(Staff)
        .where(Staff.id == person.id, Staff.totp_step < step, Staff.disabled_at.is_(None))
        .values(totp_step=step, failures=0, locked_until=None)
        .returning(Staff.id)
    )
    return session.execute(using).first() is not None


def _is_locked(person: Staff, now: datetime) -> bool:
    """Whether the lock still holds; one that has ended is taken off and the count starts anew."""
    if person.locked_until is None:
        return False
    if person.locked_until > now:
        return True
    person.failures, person.locked_until = 0, None
    return False


def _step(keys: ConsoleKeys, person: Staff | None, code: str) -> int | None:
    if person is None:
        return None
    try:
        return step_of(open_totp_secret(keys, person), code, time.time())
    except CannotOpen:
        log.error("staff_totp_secret_does_not_open")
        return None
