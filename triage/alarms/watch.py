"""The watch: finds what somebody must be called for, and calls; one worker at a time, every few seconds.

Alarms follow from what is stored, not from a message that could be lost. Who is called has nothing of what was
reported: a reference, how soon, since when, and a link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import Engine, Row, text
from sqlalchemy.orm import Session

from core.db import transaction
from core.ids import uuid7
from core.models import Delivery
from core.sealing import PublicKey
from core.settings import Settings
from core.vocabulary import AlarmKind, By, DeliveryKind
from triage.alarms import wording
from triage.alarms.wording import Ringing
from triage.deadlines import calendar
from triage.referrals.letters import Notice, enclose_letter

ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(hashtext('alarms'))")
MOST = 500
JOINS = {1: 1, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7, 7: 8, 8: 9, 9: 10}
"""From which ring on somebody is called: the first twice alone, then the second too, then one more each time."""
PATIENT_AFTER = 6
PATIENT = timedelta(minutes=15)
LATE_RINGS = 3  # a deadline calls so often; then the queue and the digest tell of it
CALLS, CALLS_WITHIN, SPARED = 10, timedelta(minutes=10), timedelta(minutes=1)

END = text("""
    UPDATE alarms SET state = 'over', ended_at = now() FROM cases
    WHERE alarms.state = 'ringing' AND cases.id = alarms.case_id
        AND (cases.state = 'closed' OR cases.agency_id <> alarms.agency_id)
""")
DANGER = text("""
    SELECT id, agency_id FROM cases
    WHERE state = 'open' AND priority = 1 AND taken_at IS NULL
        AND NOT EXISTS (SELECT FROM alarms WHERE case_id = cases.id AND kind = 'danger' AND state = 'ringing')
    ORDER BY id LIMIT :most
""")
CONNECTED = text("SELECT id, hours FROM agencies WHERE public_key IS NOT NULL")
BREACH = text("""
    UPDATE cases SET breached_at = now() WHERE id IN (
        SELECT late.id
        FROM unnest(CAST(:agencies AS uuid[]), CAST(:priorities AS int[]), CAST(:cutoffs AS timestamptz[]))
            AS line (agency, priority, cutoff)
        CROSS JOIN LATERAL (
            SELECT id FROM cases
            WHERE agency_id = line.agency AND cases.priority = line.priority AND state = 'open' AND breached_at IS NULL
                AND received_at <= cutoff AND coalesce(clock_from, received_at) <= cutoff AND stopped_at IS NULL
            ORDER BY received_at LIMIT :most FOR UPDATE SKIP LOCKED
        ) AS late
    ) RETURNING id, agency_id
""")
RAISE = text("""
    INSERT INTO alarms (id, case_id, agency_id, kind)
    SELECT a, b, c, :kind FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS uuid[])) AS new (a, b, c)
    ON CONFLICT DO NOTHING
""")
RING = text("""
    SELECT alarms.agency_id, alarms.id, alarms.kind, alarms.rings, cases.id, cases.reference, cases.priority,
        cases.received_at
    FROM alarms JOIN cases ON cases.id = alarms.case_id
    WHERE alarms.state = 'ringing' AND ring_at <= now() ORDER BY alarms.agency_id, alarms.ring_at LIMIT :most
""")
RUNG = text("""
    UPDATE alarms SET rings = rings + 1,
        state = CASE WHEN kind = 'deadline' AND rings + 1 >= :late_rings THEN 'over' ELSE state END,
        ended_at = CASE WHEN kind = 'deadline' AND rings + 1 >= :late_rings THEN now() END,
        ring_at = now() + CASE WHEN rings < :patient_after
        THEN CAST(:again AS interval) ELSE greatest(CAST(:patient AS interval), CAST(:again AS interval)) END
    WHERE id = ANY(CAST(:alarms AS uuid[]))
""")
ON_CALL = text("""
    SELECT id, turn, by FROM on_call WHERE agency_id = :agency
    UNION ALL
    SELECT on_call.id, turn, by FROM on_call JOIN agencies ON agencies.id = on_call.agency_id AND home
    WHERE NOT EXISTS (SELECT FROM on_call WHERE agency_id = :agency)
    ORDER BY turn, id
""")
IS_SPARED = text("""
    SELECT count(*) >= :calls AND max(made_at) > now() - CAST(:spared AS interval) FROM deliveries
    WHERE on_call_id = :on_call AND kind = 'alarm' AND made_at > now() - CAST(:within AS interval)
""")
DIGEST_DUE = text("""
    SELECT id, home FROM agencies WHERE public_key IS NOT NULL AND NOT EXISTS (SELECT FROM deliveries
        WHERE agency_id = agencies.id AND kind = 'digest' AND made_at > now() - CAST(:every AS interval))
""")
OPEN = text("""
    SELECT priority, count(*), count(breached_at) FROM cases WHERE agency_id = :agency AND state = 'open'
    GROUP BY priority ORDER BY priority
""")
UNDELIVERED = text("""
    SELECT count(*) FROM deliveries
    WHERE agency_id = :agency AND kind IN ('referral', 'takedown') AND state IN ('failed', 'given_up')
""")
TO_CHECK = text("""
    SELECT count(*) FROM takedowns
    WHERE agency_id = :agency AND state IN ('open', 'answered') AND check_at <= now()
""")
QUARANTINED = text("SELECT count(*) FROM reports WHERE state = 'quarantined'")


@dataclass(frozen=True)
class Watch:
    """`courier` is whom notices are sealed to on their way out."""

    engine: Engine
    courier: PublicKey
    settings: Settings

    def alarms(self) -> None:
        """End what is closed or went to another agency, find what is new, ring what is due.

        Whoever comes second leaves it to the first.
        """
        with transaction(self.engine) as session:
            if not session.scalar(ONE_AT_A_TIME):
                return
            session.execute(END)
            _raise(session, AlarmKind.DANGER, session.execute(DANGER, {"most": MOST}).all())
            self._find_breached(session)
            due = [(row[0], Ringing(*row[1:])) for row in session.execute(RING, {"most": MOST})]
            for agency, of_agency in groupby(due, key=lambda one: one[0]):
                self._ring(session, agency, [ringing for _, ringing in of_agency])

    def digests(self) -> None:
        """Once in a while the first on call are told how much is open, when anything is."""
        every = timedelta(hours=self.settings.digest_hours)
        with transaction(self.engine) as session:
            if not session.scalar(ONE_AT_A_TIME):
                return
            for due in session.execute(DIGEST_DUE, {"every": every}).all():
                self._digest(session, due.id, due.home)

    def _find_breached(self, session: Session) -> None:
        now = datetime.now(UTC)
        lines = [
            (agency, priority, own.cutoff(now, priority))
            for agency, own in ((row.id, calendar(row.hours)) for row in session.execute(CONNECTED))
            for priority in own.spans
        ]
        agencies, priorities, cutoffs = (list(column) for column in zip(*lines, strict=True))
        limits = {"agencies": agencies, "priorities": priorities, "cutoffs": cutoffs, "most": MOST}
        _raise(session, AlarmKind.DEADLINE, session.execute(BREACH, limits).all())

    def _ring(self, session: Session, agency: UUID, ringing: Sequence[Ringing]) -> None:
        for person in session.execute(ON_CALL, {"agency": agency}).all():
            theirs = [one for one in ringing if one.rings + 1 >= JOINS[person.turn]]
            if theirs and self._is_spared(session, person.id):
                return  # they were called a minute ago, and ten times before: it rings a little later, all in one
            if theirs:
                notice = wording.alarm(self.settings, theirs)
                self._send(session, DeliveryKind.ALARM, agency, person.id, person.by, notice)
        again = {"again": timedelta(seconds=self.settings.alarm_again_seconds), "patient": PATIENT}
        rung = [one.alarm for one in ringing]
        limits = {"patient_after": PATIENT_AFTER, "late_rings": LATE_RINGS}
        session.execute(RUNG, {"alarms": rung, **limits, **again})

    def _is_spared(self, session: Session, on_call: UUID) -> bool:
        limits = {"calls": CALLS, "spared": SPARED, "within": CALLS_WITHIN}
        return bool(session.scalar(IS_SPARED, {"on_call": on_call, **limits}))

    def _digest(self, session: Session, agency: UUID, home: bool) -> None:
        first = [row for row in session.execute(ON_CALL, {"agency": agency}) if row.turn == 1]
        if not first:
            return
        open_cases = [(row[0], row[1], row[2]) for row in session.execute(OPEN, {"agency": agency})]
        undelivered = int(session.scalar(UNDELIVERED, {"agency": agency}) or 0)
        quarantined = int(session.scalar(QUARANTINED) or 0) if home else 0
        to_check = int(session.scalar(TO_CHECK, {"agency": agency}) or 0)
        if open_cases or undelivered or quarantined or to_check:
            notice = wording.digest(self.settings, open_cases, undelivered, quarantined, to_check)
            for person in first:
                self._send(session, DeliveryKind.DIGEST, agency, person.id, person.by, notice)

    def _send(self, session: Session, kind: DeliveryKind, agency: UUID, on_call: UUID, by: str, notice: Notice) -> None:
        id = uuid7()
        letter = enclose_letter(self.courier, id, notice)
        session.add(Delivery(id=id, kind=kind, by=By(by), agency_id=agency, on_call_id=on_call, letter=letter))
        session.flush()  # whether somebody is spared is asked of what is stored


def _raise(session: Session, kind: AlarmKind, cases: Sequence[Row[tuple[UUID, UUID]]]) -> None:
    """One alarm for each (case, agency), unless one rings for it already."""
    if cases:
        ids, agencies = zip(*cases, strict=True)
        columns = {"a": [uuid7() for _ in cases], "b": list(ids), "c": list(agencies)}
        session.execute(RAISE, {"kind": kind.value, **columns})
