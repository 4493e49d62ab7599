"""Bells: messages that wake a worker and carry nothing else.

Redis is the doorbell, PostgreSQL the letterbox. A lost bell costs seconds: the sweep rings again.
"""

from enum import StrEnum

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry


class Bell(StrEnum):
    """A bell's name is its Dramatiq queue and actor."""

    TRIAGE = "triage"
    DELIVERIES = "deliveries"
    ALARMS = "alarms"


HEARTBEAT_MS = 15_000
MAINTENANCE_PER_MILLION = 200_000
SECONDS_TO_ANSWER = 1.0


def connect(url: str, middleware: list[Middleware] | None = None) -> RedisBroker:
    """A broker that notices a dead worker in seconds; Dramatiq's defaults take minutes to hours."""
    broker = RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq leaves it untyped
        client=Redis.from_url(  # given a URL, dramatiq drops the time limits it is given with it
            url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER, retry=Retry(NoBackoff(), 0)
        ),
        middleware=middleware or [],
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
    )
    for bell in Bell:
        broker.declare_queue(bell)
    return broker


def ring(broker: dramatiq.Broker, bell: Bell) -> bool:
    """Ring once. False when nobody can hear: never a reason to fail, the sweep will ring again."""
    message: dramatiq.Message[None] = dramatiq.Message(queue_name=bell, actor_name=bell, args=(), kwargs={}, options={})
    try:
        broker.enqueue(message)
    except (RedisError, dramatiq.errors.BrokerConnectionError):
        return False
    return True
