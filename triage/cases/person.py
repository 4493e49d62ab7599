"""Who is at work: every reading and every decision is some person's, for one agency."""

from dataclasses import dataclass
from uuid import UUID

from core.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff and the agency they work for; `at_home` when it is the hotline that runs this."""

    id: UUID
    name: str
    role: Role
    agency: UUID
    agency_code: str
    agency_name: str
    at_home: bool
