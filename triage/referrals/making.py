"""Referring a case: the letter is written where the case can be read, and sealed to the courier on the spot.

Staff do it in the console, which holds their agency's key; a rule does it in triage, while the report is still open
there. Neither can read the letter back, and the courier can read nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit
from core.envelopes import enclose
from core.errors import CannotOpen, HotlineError
from core.ids import uuid7
from core.keys import ConsoleKeys
from core.models import Agency, Case, Delivery, Referral
from core.receipts import derived
from core.sealing import PublicKey, Row
from core.vocabulary import Act, By, DeliveryKind, DeliveryState
from triage.cases.opening import PAGE, OpenedReport, open_reports
from triage.cases.person import Person
from triage.cases.reading import find_case
from triage.referrals.letters import MOST_REPORTS, Referred, ReportTold, enclose_letter, text_of
from triage.referrals.ways import Console, way_of
from triage.routing.book import public_key

NOTE_LIMIT = REASON_LIMIT = 4_000


class NotReferable(HotlineError):
    """This agency receives nothing from here: staff tell people about it instead."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody decided; the same `id` again is the same referral, pressed twice."""

    id: UUID
    to: UUID
    reason: str = field(repr=False)
    note: str = field(default="", repr=False)
    with_contact: bool = False


@dataclass(frozen=True, slots=True)
class ByRule:
    """What a rule decided about one case that is in triage's hands now. `sender` is the hotline's name."""

    case: UUID
    reference: str
    agency: UUID
    to: UUID
    sender: str
    priority: int
    reports: Sequence[ReportTold] = field(repr=False)
    count: int = 1


def refer(session: Session, keys: ConsoleKeys, person: Person, case_id: UUID, wanted: Wanted) -> None:
    """Audited and sealed in the caller's one transaction; nothing has left before it is committed.

    Raises NoSuchCase, NotReferable, and CannotOpen when a report of the case cannot be passed on.
    """
    case = find_case(session, person.agency, case_id, lock=True)
    if session.get(Referral, wanted.id):
        return
    recipient = _recipient(session, wanted.to, person.agency)
    audit.record(session, person.agency, person.id, Act.CASE_REFERRED, case.id)
    letter = _letter(session, keys, person, case, recipient, wanted)
    own = session.get_one(Agency, person.agency).public_key
    assert own, "an agency with staff is connected"
    row = Row("referrals", wanted.id)
    referral = {"staff_id": person.id, "reason": enclose(PublicKey.from_text(own), row, "reason", wanted.reason)}
    _add(session, keys.courier, recipient, letter, case.id, person.agency, referral)


def refer_by_rule(session: Session, courier: PublicKey, rule: ByRule) -> None:
    """Once for each case and agency, however often it is tried; in the caller's transaction. Raises NotReferable.

    For triage, which has no agency's private key: `reports` are told while it has them open.
    """
    recipient = _recipient(session, rule.to, rule.agency)
    first = rule.reports[0]
    letter = Referred(
        id=_id_of(rule),
        case=rule.reference,
        made_at=datetime.now(UTC),
        sender=rule.sender,
        recipient=recipient.name,
        priority=rule.priority,
        danger=first.danger,
        country=first.country,
        language=first.language,
        count=rule.count,
        reports=tuple(rule.reports[:MOST_REPORTS]),
    )
    if _add(session, courier, recipient, letter, rule.case, rule.agency, {}):
        audit.record(session, rule.agency, None, Act.CASE_REFERRED, rule.case)


def _recipient(session: Session, to: UUID, sender: UUID) -> Agency:
    agency = session.get(Agency, to)
    if agency is None or agency.removed_at or agency.id == sender or by_of(agency) is By.SIGNPOST:
        raise NotReferable
    return agency


def by_of(agency: Agency) -> By:
    """How it receives: a connected one reads here, unless something else was said."""
    way = Console() if agency.way is None and agency.public_key else way_of(agency.way)
    return By.SIGNPOST if isinstance(way, Console) and not agency.public_key else way.by


def _add(
    session: Session,
    courier: PublicKey,
    recipient: Agency,
    letter: Referred,
    case: UUID,
    agency: UUID,
    referral: dict[str, object],
) -> bool:
    """The referral and its delivery; False when both were there already."""
    by = by_of(recipient)
    here = by is By.CONSOLE
    ids = {"id": letter.id, "agency_id": agency, "to_agency_id": recipient.id}
    handed = _handed(recipient, letter) if here else None
    delivery = {"kind": DeliveryKind.REFERRAL, "by": by, **ids}
    delivery |= (
        {"state": DeliveryState.DELIVERED, "delivered_at": func.now()}
        if here
        else {"letter": enclose_letter(courier, letter.id, letter)}
    )
    adding = insert(Delivery).values(**delivery).on_conflict_do_nothing()
    if not session.execute(adding.returning(Delivery.id)).first():
        return False
    session.execute(insert(Referral).values(case_id=case, handed=handed, **ids, **referral).on_conflict_do_nothing())
    return True


def _handed(recipient: Agency, letter: Referred) -> bytes:
    assert recipient.public_key
    return enclose(public_key(recipient.public_key), Row("referrals", letter.id), "handed", text_of(letter))


def _letter(
    session: Session, keys: ConsoleKeys, person: Person, case: Case, recipient: Agency, wanted: Wanted
) -> Referred:
    reports = _open(session, keys, person, case)
    return Referred(
        id=wanted.id,
        case=case.reference,
        made_at=datetime.now(UTC),
        sender=person.agency_name,
        recipient=recipient.name,
        priority=case.priority,
        danger=case.danger,
        country=case.country,
        language=case.language,
        count=case.report_count,
        note=wanted.note,
        reports=tuple(_told(report, wanted.with_contact) for report in reports),
    )


def _open(session: Session, keys: ConsoleKeys, person: Person, case: Case) -> Sequence[OpenedReport]:
    """The oldest hundred that were not withdrawn. Raises CannotOpen: a part would be taken for the whole."""
    ring, reports = keys.ring(person.agency_code), list[OpenedReport]()
    for page in range(1, min(MOST_REPORTS, case.report_count) // PAGE + 2):
        reports += open_reports(session, ring, person.agency, case.id, page)
    if any(report.words is None for report in reports):
        raise CannotOpen
    return [report for report in reports if not report.withdrawn_at][:MOST_REPORTS]


def _told(report: OpenedReport, with_contact: bool) -> ReportTold:
    words = report.words or {}
    return ReportTold(
        id=report.id,
        received_at=report.received_at,
        channel=report.channel,
        language=report.language,
        danger=report.danger,
        country=report.country,
        partner=report.partner,
        what=words.get("what", ""),
        link=words.get("link", ""),
        contact=words.get("contact", "") if with_contact else "",
        details=report.details,
    )


def _id_of(rule: ByRule) -> UUID:
    """Of this case and this agency, always the same."""
    made = rule.case.int >> 80
    return uuid7(made, derived(rule.case.bytes, b"referral", rule.to.bytes))
