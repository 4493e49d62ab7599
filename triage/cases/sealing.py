"""Sealing what staff write to their own agency."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Agency
from core.sealing import DataKey, PublicKey, Wrapping


@contextmanager
def sealing_to(session: Session, agency: UUID) -> Iterator[tuple[DataKey, Wrapping]]:
    """A new data key, and the wrapping that lets this agency open what is sealed with it."""
    public_key = session.scalars(select(Agency.public_key).where(Agency.id == agency)).one()
    assert public_key, "an agency with a case is connected"
    with DataKey() as key, Wrapping(PublicKey.from_text(public_key)) as wrapping:
        yield key, wrapping
