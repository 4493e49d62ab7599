"""Moving reports from one case to another of the same agency: the reports, what both cases are known by, their counts.

Whoever moves holds both cases' rows. All reports of one receipt stay together: a person has one case.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.models import CaseText, Report, ReportKey

OWN = "EXISTS (SELECT FROM report_keys WHERE report_keys.report_id = reports.id AND report_keys.agency_id = :agency)"
MOVE = text(f"""
    UPDATE reports SET case_id = :there WHERE id = ANY(CAST(:reports AS uuid[])) AND case_id = :here AND {OWN}
    RETURNING id
""")  # noqa: S608  # our own words
DROP_MARKS = text("""
    DELETE FROM case_marks WHERE agency_id = :agency AND case_id = ANY(CAST(:cases AS uuid[])) RETURNING blind, kind
""")
COUNT_MARKS = text("""
    INSERT INTO case_marks (agency_id, blind, case_id, kind, report_count, first_seen_at, last_seen_at)
    SELECT :agency, known.blind, reports.case_id, known.kind, count(*), min(received_at), max(received_at)
    FROM reports CROSS JOIN LATERAL unnest(reports.marks) AS named (blind)
    JOIN unnest(CAST(:blinds AS bigint[]), CAST(:kinds AS text[])) AS known (blind, kind) ON known.blind = named.blind
    WHERE reports.case_id = ANY(CAST(:cases AS uuid[]))
    GROUP BY known.blind, known.kind, reports.case_id
""")
TEXTS = text("""
    SELECT text_id AS id, count(*) AS moved,
        EXISTS (SELECT FROM reports AS others WHERE others.case_id = :here AND others.text_id = reports.text_id)
            AS shared
    FROM reports WHERE id = ANY(CAST(:reports AS uuid[])) AND text_id IS NOT NULL GROUP BY text_id
""")
COUNT_REPORTS = text("""
    UPDATE cases SET report_count = now_there.count,
        priority = coalesce(now_there.priority, cases.priority),
        danger = coalesce(now_there.danger, cases.danger),
        received_at = coalesce(now_there.first, cases.received_at),
        last_received_at = coalesce(now_there.last, cases.last_received_at)
    FROM (
        SELECT wanted.id, count(reports.id) AS count, min(reports.priority) AS priority,
            min(received_at) AS first, max(received_at) AS last,
            CASE WHEN bool_or(danger = 'yes') THEN 'yes'
                ELSE (array_agg(danger ORDER BY received_at, reports.id))[1] END AS danger
        FROM unnest(CAST(:cases AS uuid[])) AS wanted (id) LEFT JOIN reports ON reports.case_id = wanted.id
        GROUP BY wanted.id
    ) AS now_there
    WHERE cases.id = now_there.id AND cases.agency_id = :agency
""")


def reports_of(session: Session, agency: UUID, case: UUID) -> Sequence[UUID]:
    """Every report of a case that the agency holds a key to, oldest first."""
    held = select(Report.id).join(ReportKey, ReportKey.report_id == Report.id)
    return session.scalars(
        held.where(Report.case_id == case, ReportKey.agency_id == agency).order_by(Report.received_at, Report.id)
    ).all()


def with_followers(session: Session, agency: UUID, case: UUID, reports: Sequence[UUID]) -> Sequence[UUID]:
    """These, as far as they are in this case, and whatever else in it was told under the same receipts."""
    mailboxes = select(Report.mailbox_key).where(Report.id.in_(reports), Report.case_id == case)
    held = select(Report.id).join(ReportKey, ReportKey.report_id == Report.id)
    same = held.where(Report.case_id == case, ReportKey.agency_id == agency, Report.mailbox_key.in_(mailboxes))
    return session.scalars(same.order_by(Report.received_at, Report.id)).all()


def move(session: Session, agency: UUID, reports: Sequence[UUID], here: UUID, there: UUID) -> Sequence[UUID]:
    """Move those that are here; which they were."""
    where = {"agency": agency, "here": here, "there": there}
    moved = session.scalars(MOVE, where | {"reports": list(reports)}).all()
    cases = [here, there]
    known = session.execute(DROP_MARKS, {"agency": agency, "cases": cases}).all()
    kinds = {row.blind: row.kind for row in known}
    counted = {"agency": agency, "cases": cases, "blinds": list(kinds), "kinds": list(kinds.values())}
    session.execute(COUNT_MARKS, counted)
    _move_texts(session, agency, moved, here, there)
    session.execute(COUNT_REPORTS, {"agency": agency, "cases": cases})
    return moved


def _move_texts(session: Session, agency: UUID, moved: Sequence[UUID], here: UUID, there: UUID) -> None:
    """What only the moved ones say goes along; what others here say too is known in both places."""
    found = session.execute(TEXTS, {"reports": list(moved), "here": here}).all()
    whole = [row.id for row in found if not row.shared]
    own = CaseText.agency_id == agency
    session.execute(update(CaseText).where(CaseText.id.in_(whole), own).values(case_id=there))
    for row in found:
        if row.shared:
            copy = _copy_text(session, agency, row.id, row.moved, there)
            said_too = update(Report).where(Report.id.in_(moved), Report.text_id == row.id)
            session.execute(said_too.values(text_id=copy))


def _copy_text(session: Session, agency: UUID, known: UUID, moved: int, there: UUID) -> UUID:
    """The same text for another case; its id."""
    found = session.scalars(select(CaseText).where(CaseText.id == known, CaseText.agency_id == agency)).one()
    fresh = CaseText(
        id=uuid7(),
        agency_id=agency,
        case_id=there,
        bands=found.bands,
        sketch=found.sketch,
        tag=found.tag,
        copies=moved,
        first_seen_at=found.first_seen_at,
        last_seen_at=found.last_seen_at,
    )
    session.add(fresh)
    found.copies = max(found.copies - moved, 1)
    return fresh.id
