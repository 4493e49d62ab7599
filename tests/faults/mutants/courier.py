"""Mutants of what carries referrals out of here."""

from collections.abc import Callable
from dataclasses import replace as changed
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import dramatiq
from sqlalchemy import text

from core.ids import uuid7
from tests.faults.mutants import replace
from triage import actors
from triage.drain import Drain
from triage.referrals import email, outbox, webhook
from triage.referrals.courier import Courier
from triage.referrals.cybertipline import Client
from triage.referrals.email import Post
from triage.referrals.http import Answer, Rules, ask
from triage.referrals.outbox import Taken
from triage.referrals.outcome import Failed


def delivered_before_it_is() -> None:
    deliver = Courier.deliver

    def settle_and_deliver(self: Courier, taken: Taken) -> None:
        outbox.settle_delivered(self.engine, taken, "")
        deliver(self, taken)

    replace(Courier, "deliver", settle_and_deliver)


def another_number_each_time() -> None:
    envelope = Post.envelope

    def numbered_anew(self: Post, id: UUID, *rest: str) -> EmailMessage:
        return envelope(self, uuid7(), *rest)

    replace(Post, "envelope", numbered_anew)


def never_taken_again() -> None:
    """As if what is being sent were somebody's for ever."""
    for name in ("TAKE", "ANY_DUE", "SET_ASIDE"):
        statement = getattr(outbox, name).text
        assert "'waiting', 'sending', 'failed'" in statement
        replace(outbox, name, text(statement.replace("'waiting', 'sending', 'failed'", "'waiting', 'failed'")))


def forgets_what_it_opened() -> None:
    replace(Courier, "_noting", lambda *_: lambda _: None)


def asks_nothing_first() -> None:
    replace(Client, "_earlier", lambda *_: None)


def nobody_is_overtaken() -> None:
    for name in ("REMEMBER", "DELIVERED", "FAILED"):
        statement = getattr(outbox, name).text
        assert outbox.MINE in statement
        anybodys = "id = :id AND CAST(:attempts AS integer) > 0"
        replace(outbox, name, text(statement.replace(outbox.MINE, anybodys)))


def any_answer_is_a_yes() -> None:
    replace(email, "TAKEN", range(200, 600))


def waits_for_ever() -> None:
    def ask_and_wait(rules: Rules, *question: Any) -> Answer | Failed:
        return ask(changed(rules, seconds=3600.0), *question)

    replace(webhook, "ask", ask_and_wait)


def letters_before_reports() -> None:
    """As if one thread did both: whoever hears of reports carries all letters first."""
    declare, drain = actors.declare_couriers, Drain.__call__
    couriers: list[Callable[[], None]] = []

    def keep_and_declare_none(broker: dramatiq.Broker, *carry: Callable[[], None]) -> None:
        couriers.extend(carry)
        declare(broker, *(lambda: None for _ in carry))

    def carry_and_drain(self: Drain) -> None:
        for carry in couriers:
            carry()
        drain(self)

    replace(actors, "declare_couriers", keep_and_declare_none)
    replace(Drain, "__call__", carry_and_drain)
