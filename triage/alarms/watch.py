"""The watch: finds what somebody must be called for, and calls; one worker at a time, every few seconds.

Alarms follow from what is stored, not from a message that could be lost. Who is called has nothing of what was
reported: a reference, how soon, since when, and a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
from triage.alarms.roster import Roster, is_spared
from triage.alarms.wording import Ringing
from triage.deadlines import calendar
from triage.referrals.letters import Notice, enclose_letter

ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(hashtext('alarms'))")
MOST = 500
PATIENT_AFTER = 6
PATIENT = timedelta(minutes=15)
LAST_RING: Mapping[str, int] = {AlarmKind.DEADLINE: 3, AlarmKind.RULE: 1}
"""Danger rings until somebody comes. Of a deadline the queue and the digest tell then; a team was told."""

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
    SELECT alarms.agency_id, alarms.id AS alarm, kind, team, rings, cases.id AS case, reference, priority,
        received_at AS since
    FROM alarms JOIN cases ON cases.id = alarms.case_id
    WHERE alarms.state = 'ringing' AND ring_at <= now() ORDER BY alarms.team IS NOT NULL, ring_at LIMIT :most
""")
RUNG = text("""
    UPDATE alarms SET rings = alarms.rings + 1,
        state = CASE WHEN alarms.rings + 1 >= last.ring THEN 'over' ELSE state END,
        ended_at = CASE WHEN alarms.rings + 1 >= last.ring THEN now() END,
        ring_at = now() + CASE WHEN alarms.rings < :patient_after
        THEN CAST(:again AS interval) ELSE greatest(CAST(:patient AS interval), CAST(:again AS interval)) END
    FROM unnest(CAST(:alarms AS uuid[]), CAST(:last AS int[])) AS last (alarm, ring) WHERE alarms.id = last.alarm
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
            due: dict[UUID, list[Ringing]] = {}
            for row in session.execute(RING, {"most": MOST}):
                due.setdefault(row.agency_id, []).append(Ringing(*row[1:]))
            for agency, ringing in due.items():
                self._ring(session, agency, ringing)

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
        called = Roster.read(session, agency).called(ringing)
        spared = [theirs for person, theirs in called.items() if is_spared(session, person.id)]
        later = {one.alarm for theirs in spared for one in theirs}
        for person, theirs in called.items():
            if now := [one for one in theirs if one.alarm not in later]:
                notice = wording.alarm(self.settings, now)
                self._send(session, DeliveryKind.ALARM, agency, person.id, person.by, notice)
        rung = [one for one in ringing if one.alarm not in later]
        numbers = {"alarms": [one.alarm for one in rung], "last": [LAST_RING.get(one.kind) for one in rung]}
        again = timedelta(seconds=self.settings.alarm_again_seconds)
        session.execute(RUNG, numbers | {"again": again, "patient": PATIENT, "patient_after": PATIENT_AFTER})

    def _digest(self, session: Session, agency: UUID, home: bool) -> None:
        first = [person for person in Roster.read(session, agency).team() if person.turn == 1]
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

    def _send(self, session: Session, kind: DeliveryKind, agency: UUID, on_call: UUID, by: By, notice: Notice) -> None:
        id = uuid7()
        letter = enclose_letter(self.courier, id, notice)
        session.add(Delivery(id=id, kind=kind, by=by, agency_id=agency, on_call_id=on_call, letter=letter))
        session.flush()  # whether somebody is spared is asked of what is stored


def _raise(session: Session, kind: AlarmKind, cases: Sequence[Row[tuple[UUID, UUID]]]) -> None:
    """One alarm for each (case, agency), unless one rings for it already."""
    if cases:
        ids, agencies = zip(*cases, strict=True)
        columns = {"a": [uuid7() for _ in cases], "b": list(ids), "c": list(agencies)}
        session.execute(RAISE, {"kind": kind.value, **columns})
