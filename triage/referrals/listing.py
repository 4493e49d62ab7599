"""Referrals as staff see them: those of a case, those that are not delivered, and those another agency handed over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.orm import Session

from core import audit
from core.db import transaction
from core.envelopes import disclose
from core.errors import CannotOpen, HotlineError, KeysMissing
from core.keys import ConsoleKeys
from core.models import Agency, Case, Circuit, Delivery, Provider, Referral, Staff
from core.sealing import Row
from core.vocabulary import Act, By, DeliveryKind, DeliveryState, Trouble
from triage.cases.person import Person
from triage.referrals.letters import Referred, letter_from

MOST = 100
UNDELIVERED = text("deliveries.state IN ('failed', 'given_up')")  # as the index says it
COUNTED = 1_000


class NoSuchReferral(HotlineError):
    """There is no such referral, or none that this can be done with."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was sent, and how far it came. An alarm has no case and no recipient here, a notice no case."""

    id: UUID
    kind: DeliveryKind
    by: By
    state: DeliveryState
    attempts: int
    made_at: datetime
    next_try_at: datetime
    delivered_at: datetime | None
    trouble: Trouble | None
    receipt: str | None
    recipient: str | None
    case_id: UUID | None
    reference: str | None
    staff: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Received:
    """What another agency of this deployment handed over."""

    id: UUID
    made_at: datetime
    sender: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenedReferral:
    """The same, opened; `letter` is None when it does not open."""

    received: Received
    letter: Referred | None = field(repr=False)


SENT = (
    select(
        *(Delivery.id, Delivery.kind, Delivery.by, Delivery.state, Delivery.attempts, Delivery.made_at),
        *(Delivery.next_try_at, Delivery.delivered_at, Delivery.trouble, Delivery.receipt),
        *(
            func.coalesce(Agency.name, Provider.name).label("recipient"),
            Referral.case_id,
            Case.reference,
            Staff.name.label("staff"),
            Referral.read_at,
        ),
    )
    .outerjoin(Referral, Referral.id == Delivery.id)
    .outerjoin(Agency, Agency.id == Delivery.to_agency_id)
    .outerjoin(Provider, Provider.id == Delivery.provider_id)
    .outerjoin(Case, Case.id == Referral.case_id)
    .outerjoin(Staff, Staff.id == Referral.staff_id)
)
RECEIVED = select(Referral.id, Referral.made_at, Agency.name.label("sender"), Referral.read_at).join(
    Agency, Agency.id == Referral.agency_id
)


def of_case(session: Session, person: Person, case_id: UUID) -> Sequence[Sent]:
    """Every referral of one case, and of those that were merged into it, oldest first."""
    gathered = select(Case.id).where(Case.id == case_id).cte("gathered", recursive=True)
    gathered = gathered.union(select(Case.id).join(gathered, Case.merged_into == gathered.c.id))
    mine = SENT.where(Referral.case_id.in_(select(gathered.c.id)), Delivery.agency_id == person.agency)
    return [Sent(**row) for row in session.execute(mine.order_by(Delivery.made_at, Delivery.id)).mappings()]


def undelivered(session: Session, person: Person) -> Sequence[Sent]:
    """The red list: what failed and what was given up; referrals and notices before alarms, oldest first."""
    mine = SENT.where(Delivery.agency_id == person.agency, UNDELIVERED)
    first = Delivery.kind.in_((DeliveryKind.REFERRAL, DeliveryKind.TAKEDOWN))
    order = (~first, Delivery.made_at)
    return [Sent(**row) for row in session.execute(mine.order_by(*order).limit(MOST)).mappings()]


def count_undelivered(session: Session, person: Person) -> int:
    """Counting stops at a thousand."""
    some = select(Delivery.id).where(Delivery.agency_id == person.agency, UNDELIVERED).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def received(session: Session, person: Person) -> Sequence[Received]:
    """What was handed to this person's agency, newest first."""
    mine = RECEIVED.where(Referral.to_agency_id == person.agency, Referral.handed.is_not(None))
    return [Received(*row) for row in session.execute(mine.order_by(Referral.made_at.desc()).limit(MOST))]


def resend(session: Session, person: Person, id: UUID) -> None:
    """Try again at once, under the same id, as often as at first. Raises NoSuchReferral."""
    mine = update(Delivery).where(Delivery.id == id, Delivery.agency_id == person.agency, UNDELIVERED)
    again = {"state": DeliveryState.WAITING, "before": Delivery.attempts, "next_try_at": func.now()}
    done = session.execute(mine.values(**again).returning(Delivery.to_agency_id, Delivery.provider_id)).first()
    if done is None:
        raise NoSuchReferral
    if target := done.to_agency_id or done.provider_id:
        session.execute(delete(Circuit).where(Circuit.target == target))
    audit.record(session, person.agency, person.id, Act.DELIVERY_RESENT, id)


def read_received(engine: Engine, keys: ConsoleKeys, person: Person, id: UUID) -> OpenedReferral:
    """Opened once the audit trail knows; the agency that sent it sees when it was first read. Raises NoSuchReferral."""
    mine = (Referral.id == id, Referral.to_agency_id == person.agency, Referral.handed.is_not(None))
    with transaction(engine, person.agency) as session:
        found = session.execute(RECEIVED.add_columns(Referral.handed).where(*mine)).first()
        if found is None:
            raise NoSuchReferral
        audit.record(session, person.agency, person.id, Act.REFERRAL_READ, id)
        first = update(Referral).where(*mine, Referral.read_at.is_(None)).values(read_at=func.now())
        session.execute(first, execution_options={"synchronize_session": False})
    shown = Received(found.id, found.made_at, found.sender, found.read_at)
    return OpenedReferral(shown, _opened(keys, person, id, found.handed))


def _opened(keys: ConsoleKeys, person: Person, id: UUID, handed: bytes) -> Referred | None:
    try:
        letter = letter_from(disclose(keys.ring(person.agency_code), Row("referrals", id), "handed", handed))
    except (CannotOpen, KeysMissing):
        return None
    return letter if isinstance(letter, Referred) else None
