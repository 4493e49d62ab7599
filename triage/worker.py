"""Assembly of the triage worker: one process, one thread that works reports, one that sweeps, and what carries out."""

import signal
import threading
from datetime import timedelta

import dramatiq
from sqlalchemy import Engine

from core import broker, log
from core.db import connect
from core.keys import TriageKeys
from core.settings import Settings
from triage import actors, contexts, lapses, proofs, retries
from triage.drain import Drain
from triage.outbound import Outbound
from triage.partials import Partials
from triage.reading.asking import resolver_in
from triage.reading.hosting import Hosting
from triage.sweep import Sweep

POLL_MS = 10  # Dramatiq polls Redis: shorter is a faster case and a busier idle core


def serve(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. Raises KeysMissing."""
    assert settings.triage_database_url and settings.redis_url
    log.configure()
    engine = connect(settings.triage_database_url, pool=2, by_index_only=True)
    bells = broker.connect(settings.redis_url)
    stopping = _stop_event()
    lease = timedelta(seconds=settings.lease_seconds)
    hosting = Hosting(resolver_in(settings.resolver), settings.resolver_ms / 1000)
    drain = Drain(engine, TriageKeys.read(settings.keys_dir), settings.batch, lease, hosting, stopping)
    actors.declare(bells, drain)
    outbound = Outbound(settings, stopping)
    partials = _partials(engine, settings)

    def tidy() -> None:
        partials.arrive()
        proofs.forget(engine)
        retries.forget(engine, timedelta(days=settings.retry_days))
        contexts.forget(engine, timedelta(hours=settings.form_hours) + contexts.LONGER)
        lapses.sweep(engine, timedelta(days=settings.receipt_days))

    sweep = Sweep(engine, lambda: broker.ring(bells, broker.Bell.TRIAGE), drain, settings.sweep_seconds, tidy)
    worker = dramatiq.Worker(bells, queues={broker.Bell.TRIAGE}, worker_threads=1, worker_timeout=POLL_MS)
    worker.queue_prefetch = 1  # a busy worker must not keep bells that an idle one would answer
    worker.start()
    actors.listen_for_no_delayed_bell(worker)
    outbound.start()
    sweep.run(stopping)
    worker.stop()
    outbound.stop()
    engine.dispose()


def _partials(engine: Engine, settings: Settings) -> Partials:
    return Partials(
        engine,
        later=timedelta(minutes=settings.partial_minutes),
        soon=timedelta(minutes=settings.partial_danger_minutes),
        keep=timedelta(hours=2 * settings.form_hours),
    )


def _stop_event() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
