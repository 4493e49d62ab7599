"""Whom an alarm calls: a team of the case's agency, or else of the home agency; where it has nobody, those on call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.models.alarm import ON_CALL
from core.vocabulary import By
from triage.alarms.wording import Ringing

JOINS = {1: 1, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7, 7: 8, 8: 9, 9: 10}
"""From which ring on somebody is called: the first twice alone, then the second too, then one more each time."""
CALLS, CALLS_WITHIN, SPARED = 10, timedelta(minutes=10), timedelta(minutes=1)

PEOPLE = text("""
    SELECT id, team, turn, by, agency_id = :agency AS here FROM on_call
    WHERE agency_id = :agency OR agency_id = (SELECT id FROM agencies WHERE home)
    ORDER BY turn, id
""")
IS_SPARED = text("""
    SELECT count(*) >= :calls AND max(made_at) > now() - CAST(:spared AS interval) FROM deliveries
    WHERE on_call_id = :on_call AND kind = 'alarm' AND made_at > now() - CAST(:within AS interval)
""")


@dataclass(frozen=True, slots=True)
class Callee:
    """One way to reach one person; `here` is at the agency itself."""

    id: UUID
    team: str
    turn: int
    by: By
    here: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who may be called for one agency."""

    people: Sequence[Callee]

    @classmethod
    def read(cls, session: Session, agency: UUID) -> Self:
        return cls([Callee(**row) for row in session.execute(PEOPLE, {"agency": agency}).mappings()])

    def team(self, name: str = ON_CALL) -> Sequence[Callee]:
        """Those whose turn is first stand first; nobody only when there is nobody at all."""
        for team, here in ((name, True), (name, False), (ON_CALL, True), (ON_CALL, False)):
            if found := [one for one in self.people if (one.team, one.here) == (team, here)]:
                return found
        return ()

    def called(self, ringing: Sequence[Ringing]) -> Mapping[Callee, list[Ringing]]:
        """Whose turn it is, and for which of these."""
        found: dict[Callee, list[Ringing]] = {}
        for one in ringing:
            for person in self.team(one.team or ON_CALL):
                if one.rings + 1 >= JOINS[person.turn]:
                    found.setdefault(person, []).append(one)
        return found


def is_spared(session: Session, on_call: UUID) -> bool:
    """Called a minute ago, and ten times before: what comes now rings a little later, all in one."""
    limits = {"calls": CALLS, "spared": SPARED, "within": CALLS_WITHIN}
    return bool(session.scalar(IS_SPARED, {"on_call": on_call, **limits}))
