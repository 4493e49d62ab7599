"""What answers each bell."""

from collections.abc import Callable

import dramatiq
from dramatiq.common import dq_name

from core.broker import Bell


def declare(broker: dramatiq.Broker, drain: Callable[[], None]) -> None:
    """Register what works reports."""
    _declare(broker, Bell.TRIAGE, drain)


def declare_couriers(broker: dramatiq.Broker, alarms: Callable[[], None], rest: Callable[[], None]) -> None:
    """Register what carries things out."""
    _declare(broker, Bell.ALARMS, alarms)
    _declare(broker, Bell.DELIVERIES, rest)


def listen_for_no_delayed_bell(worker: dramatiq.Worker) -> None:
    """No bell is ever delayed, and listening for one is half of what an idle worker costs."""
    for bell in Bell:
        if listener := worker.consumers.pop(dq_name(bell), None):
            listener.stop()
            listener.join()


def _declare(broker: dramatiq.Broker, bell: Bell, answer: Callable[[], None]) -> None:
    """An actor is named as its bell."""

    def answer_bell() -> None:
        answer()

    dramatiq.actor(broker=broker, actor_name=bell, queue_name=bell)(answer_bell)
