"""A machine, the other sides that its referrals go to, and somebody who refers."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit
from uuid import UUID

from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine, text

from core import broker
from core.broker import Bell
from core.db import connect
from core.vocabulary import By, DeliveryState
from ops.staff import NewStaff
from tests.factories import a_partner
from tests.faults.background import Background
from tests.faults.ground import Ground
from tests.faults.machine import TICK, Changes, Machine
from tests.faults.outbound.sides import FINISHED, TAKEN_BY_HOOK, TAKEN_BY_MAIL, Calls, Hook, Mail, Side, Tipline
from tests.faults.proxy import Proxy
from tests.triage.analyst import hire
from tests.triage.outbound.post_office import Mailroom, an_office
from tests.triage.outbound.receivers import receiving
from tests.triage.outbound.sending import an_agency_that_receives, delivery, let_time_pass, refer_case

SETTLED = frozenset({DeliveryState.DELIVERED, DeliveryState.GIVEN_UP})
ON_ITS_WAY = frozenset({DeliveryState.WAITING, DeliveryState.SENDING})
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

    `house` is the other hotline. An answer is waited for so many `seconds`.
    """

    machine: Machine
    sides: Mapping[By, Side]
    house: Machine
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

    def state(self, id: UUID) -> DeliveryState:
        return delivery(self.owner, id).state

    def is_settled(self) -> bool:
        return all(self.state(one.id) in SETTLED for one in self.made)

    def has_no_more_on_its_way(self) -> bool:
        return all(self.state(one.id) not in ON_ITS_WAY for one in self.made)

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
        self.house.revive()
        last = time.monotonic() + self.machine.patience
        while not self.is_settled() and time.monotonic() < last:
            self.try_again()
            self.machine.supervise(0.5, until=self.is_settled)


@contextmanager
def a_world(ground: Ground, workers: int, changes: Changes, seconds: int) -> Iterator[World]:
    """With a case that is filed."""
    with ExitStack() as stack:
        background, office = stack.enter_context(Background()), stack.enter_context(an_office())
        calls = stack.enter_context(receiving(Calls()))
        mail = Proxy("mail", office.port, TAKEN_BY_MAIL)
        hook = Proxy("hook", urlsplit(calls.address).port or 0, TAKEN_BY_HOOK)
        ports = [background.wait_for(line.open()) for line in (mail, hook)]
        for line in (mail, hook):
            stack.callback(lambda line=line: background.wait_for(line.close()))
        machine = stack.enter_context(
            ground.machine(
                Random(0),
                workers,
                changes,
                lease_seconds=1,
                sweep_seconds=1,
                smtp_host="127.0.0.1",
                smtp_port=ports[0],
                smtp_tls="none",
                smtp_from="desk@hotline.example",
                answer_seconds=seconds,
                private_addresses=True,
            )
        )
        house = stack.enter_context(ground.neighbour.machine(Random(1), 0, {}))
        house.front.mark = FINISHED
        owner = stack.enter_context(ground.owner())
        console = connect(machine.settings.console_database_url or "", pool=1)
        stack.callback(console.dispose)
        with ground.neighbour.owner() as other:
            partner = a_partner(house.settings, other, "Hotline")
        given = {"url": f"http://127.0.0.1:{house.public.front}/ispws", "user": partner.code}
        receives = an_agency_that_receives
        desks = {
            By.EMAIL: receives(ground.settings, owner, "email", code="example-mail", to="desk@agency.example"),
            By.WEBHOOK: receives(
                ground.settings, owner, "webhook", code="example-hook", url=f"http://127.0.0.1:{ports[1]}/hook"
            ),
            By.CYBERTIPLINE: receives(
                ground.settings, owner, "cybertipline", partner.password, code="example-tipline", **given
            ),
        }
        sides: Mapping[By, Side] = {
            By.EMAIL: Mail(desks[By.EMAIL], office, mail),
            By.WEBHOOK: Hook(desks[By.WEBHOOK], calls, hook),
            By.CYBERTIPLINE: Tipline(desks[By.CYBERTIPLINE].agency, house),
        }
        staff, bells = hire(owner, ground.settings), broker.connect(machine.settings.redis_url or "")
        machine.background.wait_for(machine.public.report())
        machine.supervise(30, until=machine.watch.is_quiet)
        yield World(
            machine=machine,
            sides=sides,
            house=house,
            room=office.room,
            calls=calls,
            owner=owner,
            console=console,
            staff=staff,
            bells=bells,
            seconds=seconds,
        )
