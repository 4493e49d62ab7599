"""A machine, the other sides that its referrals go to, and somebody who refers."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine, text

from core import broker
from core.broker import Bell
from core.vocabulary import By, DeliveryState
from ops.staff import NewStaff
from tests.faults.machine import TICK, Machine
from tests.faults.outbound.sides import Calls, Side
from tests.triage.outbound.post_office import Mailroom
from tests.triage.outbound.sending import let_time_pass, refer_case

ON_ITS_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)
UNSETTLED = (*ON_ITS_WAY, DeliveryState.FAILED)
ANY = "SELECT EXISTS (SELECT FROM deliveries WHERE state = ANY(:states))"
AGAIN = "UPDATE deliveries SET next_try_at = now() WHERE state = 'failed'"
WHOLE = "UPDATE circuits SET broken_until = now()"


@dataclass(frozen=True, slots=True)
class Made:
    """One referral. At most so many `copies` are the other side's, and none is when it was `refused` for good."""

    id: UUID
    by: By
    copies: int = 1
    refused: bool = False


@dataclass(kw_only=True)
class World:
    """`room` and `calls` are behind the first two sides, where their moods are made.

    `house` is the other hotline, if it is one of the sides. An answer is waited for so many `seconds`.
    """

    machine: Machine
    sides: Mapping[By, Side]
    house: Machine | None
    room: Mailroom
    calls: Calls
    owner: Engine
    console: Engine
    staff: NewStaff
    bells: RedisBroker
    seconds: int
    made: list[Made] = field(default_factory=list)

    def refer(self, by: By, copies: int = 1, refused: bool = False) -> UUID:
        """The only case, to that side."""
        agency = self.sides[by].agency
        id = refer_case(self.machine.settings, self.owner, self.console, self.staff, agency)
        self.made.append(Made(id, by, copies, refused))
        self.ring()
        return id

    def ring(self) -> None:
        broker.ring(self.bells, Bell.DELIVERIES)

    def is_settled(self) -> bool:
        return not self._are_any(UNSETTLED)

    def has_no_more_on_its_way(self) -> bool:
        return not self._are_any(ON_ITS_WAY)

    def _are_any(self, states: Sequence[DeliveryState]) -> bool:
        with self.owner.connect() as connection:
            return bool(connection.scalar(text(ANY), {"states": [state.value for state in states]}))

    def let_time_pass(self) -> None:
        """Leases and pauses are over. Not while somebody is sending who lives."""
        let_time_pass(self.owner)
        self.ring()

    def try_again(self) -> None:
        """What failed need wait no longer."""
        with self.owner.begin() as connection:
            connection.execute(text(AGAIN))
            connection.execute(text(WHOLE))
        self.ring()

    def wait(self, until: Callable[[], bool]) -> bool:
        """Whether it came. Nobody is started again meanwhile."""
        last = time.monotonic() + self.machine.patience
        while not until():
            if time.monotonic() > last:
                return False
            time.sleep(TICK)
        return True

    def settle(self) -> None:
        """Every side takes everything again, and until it has that all is tried again and again."""
        self.room.mood = "kind"
        self.calls.status, self.calls.silent, self.calls.drop = 200, 0.0, False
        for side in self.sides.values():
            side.line.restore()
        self.machine.revive()
        if self.house:
            self.house.revive()
        last = time.monotonic() + self.machine.patience
        while not self.is_settled() and time.monotonic() < last:
            self.try_again()
            self.machine.supervise(0.5, until=self.is_settled)
