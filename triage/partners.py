"""The operators that the reports of a batch came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.models import Partner
from triage.reading.hosts import registered_part
from triage.waiting import Taken

SENDERS = select(Partner.id, Partner.code, Partner.name, Partner.origins).where(
    Partner.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Sender:
    """One operator: what rules call it, what people do, and the domains that are its own as far as is known."""

    code: str
    name: str
    domains: frozenset[str]


class Senders(dict[UUID, Sender]):
    """Each by its id."""

    def of(self, report: Taken) -> Sender | None:
        """None for what a person sent from the site."""
        return self.get(report.partner_id) if report.partner_id else None


def senders_of(session: Session, reports: Iterable[Taken]) -> Senders:
    """One question for all of them, and none when people sent them all."""
    ids = {report.partner_id for report in reports if report.partner_id}
    found = session.execute(SENDERS, {"ids": sorted(ids)}) if ids else ()
    return Senders({row.id: Sender(row.code, row.name, _domains(row.origins)) for row in found})


def _domains(origins: Sequence[str]) -> frozenset[str]:
    hosts = (urlsplit(origin).hostname or "" for origin in origins)
    return frozenset(filter(None, map(registered_part, hosts)))
