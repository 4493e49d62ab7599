"""Making notices: whatever is due for one provider goes in one, and each link is counted in the same transaction.

A notice is a delivery: couriers carry it, try again and give up as they do with referrals. A worker that dies before
the transaction ends has made nothing, and after it there is nothing left to make.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import Engine, TextClause, insert, text
from sqlalchemy.orm import Session

from core import audit
from core.db import transaction
from core.errors import CannotOpen
from core.ids import uuid7
from core.keys import CourierKeys
from core.models import Agency, Delivery, Provider, TakedownNotice
from core.settings import Settings
from core.vocabulary import Act, DeliveryKind, Offence
from triage.referrals.letters import LinkNoticed, TakedownTold, enclose_letter
from triage.takedowns.letters import open_link
from triage.takedowns.providers import by_of_provider

MOST_LINKS = 100
"""In one notice."""
MOST = 500
ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(hashtext('takedowns'))")
COLUMNS = "id, agency_id AS agency, provider_id AS provider, asked_at, offence, letter, notices"
NOTICED = """
    FROM takedown_notices JOIN deliveries ON deliveries.id = takedown_notices.delivery_id
    WHERE takedown_notices.takedown_id = takedowns.id
"""
NONE_ON_ITS_WAY = f"NOT EXISTS (SELECT {NOTICED} AND deliveries.state IN ('waiting', 'sending', 'failed'))"
ALL_CAME_LONG_AGO = f"""
    NOT EXISTS (SELECT {NOTICED} AND (delivered_at IS NULL OR delivered_at > now() - CAST(:pause AS interval)))
"""
IN_ORDER = "ORDER BY agency_id, provider_id, asked_at, id LIMIT :most FOR UPDATE SKIP LOCKED"
WANTED = text(f"SELECT {COLUMNS} FROM takedowns WHERE wanted AND {NONE_ON_ITS_WAY} {IN_ORDER}")  # noqa: S608  # ours
AGAIN = text(f"""
    SELECT {COLUMNS} FROM takedowns
    WHERE state = 'open' AND notices BETWEEN 1 AND :repeats AND {ALL_CAME_LONG_AGO} {IN_ORDER}
""")  # noqa: S608
COUNTED = text("""
    UPDATE takedowns SET wanted = false, notices = notices + 1, check_at = now() + CAST(:check AS interval)
    WHERE id = ANY(CAST(:ids AS uuid[]))
""")


@dataclass(frozen=True, slots=True)
class Due:
    """A link of which its provider is to be told."""

    id: UUID
    agency: UUID
    provider: UUID
    asked_at: datetime
    offence: str
    letter: bytes = field(repr=False)
    notices: int


@dataclass(frozen=True)
class Notices:
    """For workers: one at a time makes notices; whoever comes second leaves it to the first."""

    engine: Engine
    keys: CourierKeys = field(repr=False)
    settings: Settings

    def first(self) -> None:
        """Of what staff want to be told now."""
        self._make(WANTED)

    def again(self) -> None:
        """Of what was told a while ago, when nobody has said anything since."""
        pause = timedelta(hours=self.settings.takedown_repeat_hours)
        self._make(AGAIN, pause=pause, repeats=self.settings.takedown_most_repeats)

    def _make(self, due: TextClause, **limits: object) -> None:
        with transaction(self.engine) as session:
            if not session.scalar(ONE_AT_A_TIME):
                return
            found = [Due(**row) for row in session.execute(due, {"most": MOST, **limits}).mappings()]
            for _, of_provider in groupby(found, key=lambda one: (one.agency, one.provider)):
                for links in _shares(list(of_provider)):
                    self._notice(session, links)

    def _notice(self, session: Session, due: Sequence[Due]) -> None:
        """One notice of these. A link that does not open stands in red by itself, and keeps no other back."""
        links = {one.id: link for one in due if (link := self._opened(one))}
        if links:
            id = uuid7()
            letter = enclose_letter(self.keys.own, id, self._told(session, id, due[0], list(links.values())))
            self._deliver(session, id, [one for one in due if one.id in links], letter)
        for one in due:
            if one.id not in links:
                self._deliver(session, uuid7(), [one], one.letter)

    def _opened(self, due: Due) -> LinkNoticed | None:
        try:
            told = open_link(self.keys.letters, due.id, due.letter)
        except CannotOpen:
            return None
        return LinkNoticed(due.id, told.url, Offence(due.offence), told.why, due.asked_at, due.notices + 1)

    def _told(self, session: Session, id: UUID, due: Due, links: Sequence[LinkNoticed]) -> TakedownTold:
        agency = session.get_one(Agency, due.agency)
        return TakedownTold(
            id=id,
            made_at=datetime.now(UTC),
            sender=agency.name,
            recipient=session.get_one(Provider, due.provider).name,
            links=tuple(links),
            contact=str(agency.facts.get("email") or self.settings.smtp_from or ""),
        )

    def _deliver(self, session: Session, id: UUID, due: Sequence[Due], letter: bytes) -> None:
        agency, provider = due[0].agency, due[0].provider
        session.add(
            Delivery(
                id=id,
                kind=DeliveryKind.TAKEDOWN,
                by=by_of_provider(session.get_one(Provider, provider)),
                agency_id=agency,
                provider_id=provider,
                letter=letter,
            )
        )
        session.flush()  # links are noticed in something that is there
        noticed = [{"delivery_id": id, "takedown_id": one.id, "agency_id": agency} for one in due]
        session.execute(insert(TakedownNotice), noticed)
        check = timedelta(hours=self.settings.takedown_check_hours)
        session.execute(COUNTED, {"ids": [one.id for one in due], "check": check})
        audit.record(session, agency, None, Act.TAKEDOWN_NOTICED, id)


def _shares(due: Sequence[Due]) -> Iterator[Sequence[Due]]:
    for start in range(0, len(due), MOST_LINKS):
        yield due[start : start + MOST_LINKS]
