"""What answers each bell."""

import dramatiq

from core.broker import Bell
from triage.drain import Drain


def declare(broker: dramatiq.Broker, drain: Drain) -> None:
    """Register every actor on this broker; an actor is named as its bell."""

    def answer_triage() -> None:
        drain()

    dramatiq.actor(broker=broker, actor_name=Bell.TRIAGE, queue_name=Bell.TRIAGE)(answer_triage)
