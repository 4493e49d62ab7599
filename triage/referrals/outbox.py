"""What is on its way out, and taking one thing of it in hand.

Taking counts the attempt and commits before anything is sent, so that an attempt that dies is known of. The number
of attempts is the fence: whoever is overtaken changes nothing any more.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Engine, text

from core.db import one_statement, transaction
from core.vocabulary import By, DeliveryKind, Trouble

MOST: Mapping[DeliveryKind, int] = {
    DeliveryKind.REFERRAL: 12,
    DeliveryKind.TAKEDOWN: 12,
    DeliveryKind.ALARM: 4,
    DeliveryKind.DIGEST: 4,
}
FIRST_PAUSE: Mapping[DeliveryKind, float] = {
    DeliveryKind.REFERRAL: 15.0,
    DeliveryKind.TAKEDOWN: 15.0,
    DeliveryKind.ALARM: 2.0,
    DeliveryKind.DIGEST: 60.0,
}
LONGEST_PAUSE = 3600.0
BREAKS_AFTER = 3
LONGEST_BREAK = 900.0
KEEP_NOTICES = timedelta(days=30)

_DUE = "state IN ('waiting', 'sending', 'failed') AND next_try_at <= now()"
_MOST = " ".join(f"WHEN '{kind}' THEN {most}" for kind, most in MOST.items())
_SPENT = f"attempts - before >= CASE kind {_MOST} END"
_TARGET = "coalesce(to_agency_id, on_call_id, provider_id)"
_WHOLE = f"NOT EXISTS (SELECT FROM circuits WHERE target = {_TARGET} AND broken_until > now())"
TAKE = text(f"""
    WITH chosen AS (
        SELECT id FROM deliveries WHERE {_DUE} AND (kind <> 'alarm') = :rest AND NOT {_SPENT} AND {_WHOLE}
        ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE deliveries SET state = 'sending', attempts = attempts + 1, next_try_at = now() + CAST(:lease AS interval)
        FROM chosen WHERE deliveries.id = chosen.id
        RETURNING deliveries.id, kind, by, agency_id, to_agency_id, on_call_id, provider_id, letter, attempts,
            before, remote
    ), tried AS (
        UPDATE circuits SET broken_until = now() + CAST(:lease AS interval)
        FROM taken WHERE target = {_TARGET} AND failures >= {BREAKS_AFTER}
    )
    SELECT * FROM taken
""")  # noqa: S608  # our own names
ANY_DUE = text(f"""
    SELECT EXISTS (SELECT FROM deliveries WHERE {_DUE} AND (kind <> 'alarm') = :rest AND NOT {_SPENT} AND {_WHOLE})
""")  # noqa: S608
SET_ASIDE = text(f"""
    UPDATE deliveries SET state = 'given_up', trouble = coalesce(trouble, '{Trouble.DIED}') WHERE {_DUE} AND {_SPENT}
""")  # noqa: S608
MINE = "id = :id AND attempts = :attempts AND state = 'sending'"
REMEMBER = text(f"UPDATE deliveries SET remote = :remote WHERE {MINE}")  # noqa: S608
DELIVERED = text(f"""
    UPDATE deliveries SET state = 'delivered', delivered_at = now(), trouble = NULL, remote = NULL, letter = NULL,
        receipt = :receipt
    WHERE {MINE}
""")  # noqa: S608
FAILED = text(f"""
    UPDATE deliveries SET state = :state, trouble = :trouble, next_try_at = now() + CAST(:pause AS interval)
    WHERE {MINE}
""")  # noqa: S608
ANSWERED = text("DELETE FROM circuits WHERE target = :target")
SILENT = text("""
    INSERT INTO circuits (target, failures) VALUES (:target, 1)
    ON CONFLICT (target) DO UPDATE SET failures = least(circuits.failures + 1, 1000),
        broken_until = CASE WHEN circuits.failures + 1 < :breaks THEN now()
            ELSE now() + interval '1 second' * least(:longest, :first * 2 ^ least(circuits.failures + 1 - :breaks, 10))
        END
""")
FORGET = text("DELETE FROM deliveries WHERE kind IN ('alarm', 'digest') AND made_at < now() - CAST(:keep AS interval)")


class Lane(StrEnum):
    """An alarm never stands behind a referral whose recipient does not answer."""

    ALARMS = "alarms"
    REST = "rest"


class Overtaken(Exception):
    """Somebody else has this delivery in hand by now: nothing more may be done with it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery in hand."""

    id: UUID
    kind: DeliveryKind
    by: By
    agency_id: UUID
    to_agency_id: UUID | None
    on_call_id: UUID | None
    provider_id: UUID | None
    letter: bytes = field(repr=False)
    attempts: int
    before: int
    remote: str | None

    @property
    def target(self) -> UUID:
        found = self.to_agency_id or self.on_call_id or self.provider_id
        assert found, "a delivery goes to an agency, a provider or somebody on call"
        return found

    @property
    def is_last(self) -> bool:
        return self.tries >= MOST[self.kind]

    @property
    def tries(self) -> int:
        """Since it was made, or since a person had it sent again."""
        return self.attempts - self.before


def take(engine: Engine, lane: Lane, lease: timedelta) -> Taken | None:
    """One that is due; nobody else takes it for `lease`."""
    with one_statement(engine) as connection:
        row = connection.execute(TAKE, {"lease": lease, **_of(lane)}).mappings().first()
    if row is None:
        return None
    return Taken(**{**row, "kind": DeliveryKind(row["kind"]), "by": By(row["by"])})


def anything_due(engine: Engine, lane: Lane) -> bool:
    with one_statement(engine) as connection:
        return bool(connection.scalar(ANY_DUE, _of(lane)))


def set_aside_spent(engine: Engine) -> None:
    """What ended its courier on every attempt is for a person to look at."""
    with one_statement(engine) as connection:
        connection.execute(SET_ASIDE)


def forget_notices(engine: Engine, keep: timedelta = KEEP_NOTICES) -> None:
    """Alarms and digests of long ago, arrived or not."""
    with one_statement(engine) as connection:
        connection.execute(FORGET, {"keep": keep})


def remember(engine: Engine, taken: Taken, remote: str | None) -> None:
    """What the other side opened, committed before it is asked to finish. Raises Overtaken."""
    with one_statement(engine) as connection:
        changed = connection.execute(REMEMBER, {"remote": remote, **_mine(taken)}).rowcount
    if not changed:
        raise Overtaken


def settle_delivered(engine: Engine, taken: Taken, receipt: str) -> None:
    with transaction(engine) as session:
        session.execute(DELIVERED, {"receipt": receipt or None, **_mine(taken)})
        session.execute(ANSWERED, {"target": taken.target})


def settle_failed(engine: Engine, taken: Taken, trouble: Trouble, for_good: bool, counts: bool) -> None:
    """To be tried again after a pause that doubles, or for a person; `counts` when the other side is to blame."""
    state = "given_up" if for_good or taken.is_last else "failed"
    with transaction(engine) as session:
        session.execute(FAILED, {"state": state, "trouble": trouble, "pause": pause(taken), **_mine(taken)})
        if counts:
            first = FIRST_PAUSE[taken.kind]
            limits = {"breaks": BREAKS_AFTER, "first": first, "longest": LONGEST_BREAK}
            session.execute(SILENT, {"target": taken.target, **limits})


def pause(taken: Taken) -> timedelta:
    """Doubling, a quarter more or less by chance, so that what failed together does not come back together."""
    seconds = min(FIRST_PAUSE[taken.kind] * 2 ** (taken.tries - 1), LONGEST_PAUSE)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311  # chance, not a secret


def _mine(taken: Taken) -> dict[str, object]:
    return {"id": taken.id, "attempts": taken.attempts}


def _of(lane: Lane) -> dict[str, object]:
    return {"rest": lane is Lane.REST}
