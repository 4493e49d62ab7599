"""Routing by country: a connected agency of that country, or else the hotline itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import HotlineError
from core.models import Agency
from core.sealing import PublicKey
from core.vocabulary import AgencyKind

CONNECTED = select(Agency.id, Agency.code, Agency.kind, Agency.country, Agency.home, Agency.public_key).where(
    Agency.public_key.is_not(None)
)
RANK = {AgencyKind.HOTLINE: 0, AgencyKind.POLICE: 1, AgencyKind.HELPLINE: 2}


class NoHomeAgency(HotlineError):
    """No agency runs this hotline yet; `hotline migrate` makes one."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Every connected agency: its key, and the country it answers for."""

    home: UUID
    by_country: Mapping[str, UUID]
    keys: Mapping[UUID, PublicKey]

    def agency_for(self, country: str | None) -> UUID:
        return self.by_country.get(country or "", self.home)

    def key_of(self, agency: UUID) -> PublicKey:
        return self.keys[agency]


def read_routes(session: Session) -> Routes:
    """The routes as connected now. A country's agencies stand in line: hotline, police, helpline, then by code.

    Raises NoHomeAgency.
    """
    connected = session.execute(CONNECTED).all()
    in_line = sorted(connected, key=lambda agency: (RANK[agency.kind], agency.code), reverse=True)
    home = next((agency.id for agency in in_line if agency.home), None)
    if home is None:
        raise NoHomeAgency
    return Routes(
        home=home,
        by_country={agency.country: agency.id for agency in in_line if agency.country},
        keys={agency.id: _public_key(agency.public_key) for agency in in_line},
    )


@lru_cache(maxsize=1024)
def _public_key(text: str) -> PublicKey:
    return PublicKey.from_text(text)
