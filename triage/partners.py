"""The operators that the reports of a batch came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.models import Partner
from triage.waiting import Taken

SENDERS = select(Partner.id, Partner.code, Partner.name).where(Partner.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Sender:
    """One operator: what rules call it, and what people do."""

    code: str
    name: str


class Senders(dict[UUID, Sender]):
    """Each by its id."""

    def of(self, report: Taken) -> Sender | None:
        """None for what a person sent from the site."""
        return self.get(report.partner_id) if report.partner_id else None


def senders_of(session: Session, reports: Iterable[Taken]) -> Senders:
    """One question for all of them, and none when people sent them all."""
    ids = {report.partner_id for report in reports if report.partner_id}
    found = session.execute(SENDERS, {"ids": sorted(ids)}) if ids else ()
    return Senders({row.id: Sender(row.code, row.name) for row in found})
