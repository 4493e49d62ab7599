"""The courier: takes what is due, one thing at a time, sends it, and keeps what became of it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import Engine, select

from core.db import one_statement
from core.envelopes import disclose
from core.errors import CannotOpen, DatabaseDown, WrongWay
from core.keys import CourierKeys
from core.models import Agency, OnCall, Provider
from core.sealing import Row
from core.vocabulary import By, Trouble
from triage.referrals import outbox
from triage.referrals.letters import open_letter
from triage.referrals.outbox import Lane, Overtaken, Taken
from triage.referrals.outcome import Delivered, Failed, Outcome, Parcel
from triage.referrals.ways import AnyWay, Email, ProvidersWay, Webhook, providers_way_of, way_of

log = structlog.get_logger()
Channel = Callable[[Parcel], Outcome]
AT_ONCE = 4
OURS = frozenset({Trouble.NOT_SET, Trouble.NO_KEY, Trouble.DOES_NOT_FIT, Trouble.OUR_FAULT})
"""Troubles that say nothing about the other side."""


@dataclass(frozen=True)
class Courier:
    """Several may work at once, here and elsewhere. `more` wakes another one while this one waits for an answer."""

    engine: Engine
    keys: CourierKeys = field(repr=False)
    channels: Mapping[By, Channel] = field(repr=False)
    lane: Lane
    lease: timedelta
    more: Callable[[], object] = lambda: None
    stopping: threading.Event = field(default_factory=threading.Event)
    slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))

    def __call__(self) -> None:
        """Until nothing is due. With all slots taken there is nothing to do: those at work go on until all is done.

        Raises DatabaseTrouble.
        """
        if self.slots.acquire(blocking=False):
            try:
                self._work()
            finally:
                self.slots.release()

    def _work(self) -> None:
        while not self.stopping.is_set() and (taken := outbox.take(self.engine, self.lane, self.lease)):
            if outbox.anything_due(self.engine, self.lane):
                self.more()
            self.deliver(taken)

    def deliver(self, taken: Taken) -> None:
        """One attempt, and its end in the database."""
        try:
            outcome = self._attempt(taken)
        except DatabaseDown:
            raise  # nothing is known to be wrong with it; its lease runs out and it is taken again
        except Overtaken:
            return
        except Exception as error:  # the edge of one delivery: whatever is wrong with it stays with it
            log.error("delivery.failed", error=type(error).__name__, attempts=taken.attempts)
            outcome = Failed(Trouble.OUR_FAULT)
        self._settle(taken, outcome)

    def _attempt(self, taken: Taken) -> Outcome:
        try:
            parcel = self._parcel(taken)
        except (CannotOpen, WrongWay):
            return Failed(Trouble.NO_KEY)
        channel = self.channels.get(parcel.way.by)
        return channel(parcel) if channel else Failed(Trouble.NOT_SET)

    def _parcel(self, taken: Taken) -> Parcel:
        """With the address as it is now: what was given up for a wrong one may be sent again to the right one.

        Raises CannotOpen, WrongWay.
        """
        letter = open_letter(self.keys.letters, taken.id, taken.letter)
        parcel = Parcel(taken.id, Email("", ""), letter, remote=taken.remote, note=self._noting(taken))
        if taken.on_call_id:
            return replace(parcel, way=self._contact(taken.on_call_id))
        if taken.provider_id:
            return replace(parcel, way=self._provider(taken.provider_id))
        way, secret = self._way(taken.target)
        return replace(parcel, way=way, secret=secret)

    def _noting(self, taken: Taken) -> Callable[[str | None], None]:
        return lambda remote: outbox.remember(self.engine, taken, remote)

    def _way(self, agency: UUID) -> tuple[AnyWay, str]:
        with one_statement(self.engine) as connection:
            found = select(Agency.way, Agency.way_secret).where(Agency.id == agency)
            way, secret = connection.execute(found).one()
        sealed = disclose(self.keys.letters, Row("agencies", agency), "way_secret", secret) if secret else ""
        return way_of(way), sealed

    def _provider(self, provider: UUID) -> ProvidersWay:
        with one_statement(self.engine) as connection:
            return providers_way_of(connection.scalar(select(Provider.way).where(Provider.id == provider)))

    def _contact(self, on_call: UUID) -> AnyWay:
        with one_statement(self.engine) as connection:
            row = connection.execute(select(OnCall.by, OnCall.contact).where(OnCall.id == on_call)).first()
        if row is None:
            raise WrongWay  # taken off the list meanwhile
        contact = disclose(self.keys.letters, Row("on_call", on_call), "contact", row.contact)
        return Webhook(contact, "") if row.by == By.WEBHOOK else Email(contact, "")

    def _settle(self, taken: Taken, outcome: Outcome) -> None:
        if isinstance(outcome, Delivered):
            outbox.settle_delivered(self.engine, taken, outcome.receipt)
            return
        log.warning("delivery.not_made", error=outcome.trouble.value, attempts=taken.attempts)
        counts = outcome.trouble not in OURS and not outcome.for_good
        outbox.settle_failed(self.engine, taken, outcome.trouble, outcome.for_good, counts)
