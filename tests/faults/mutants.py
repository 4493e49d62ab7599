"""The product with one promise taken out. Applied in the child process, never in the product's code."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import Engine, Select, update

from core.db import transaction
from core.ids import uuid7
from core.models import Report
from core.sealing import KeyRing, PublicKey
from intake import submission
from intake.letterbox import Letterbox
from intake.submission import SealedReport
from triage import pipeline, waiting
from triage.sweep import Sweep
from triage.waiting import Taken

POISON = "AQ"  # nobody lives there


def poisoned() -> None:
    """No mutant but a fault: a report from there kills the worker that opens it."""
    rewrapped = pipeline.rewrapped

    def rewrapped_or_dead(ring: KeyRing, report: Taken, recipient: PublicKey) -> bytes:
        if report.country == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        return rewrapped(ring, report, recipient)

    _replace(pipeline, "rewrapped", rewrapped_or_dead)


def acknowledge_before_commit() -> None:
    async def post(self: Letterbox, report: SealedReport) -> None:
        self._waiting.append((report, asyncio.get_running_loop().create_future()))
        self._arrived.set()

    _replace(Letterbox, "post", post)


def ring_before_commit() -> None:
    prepare, insert = Letterbox.__init__, Letterbox._insert
    rings: dict[Letterbox, Callable[[], None]] = {}

    def prepare_silently(self: Letterbox, url: str, stored: Callable[[], None], writers: int = 1) -> None:
        prepare(self, url, lambda: None, writers)
        rings[self] = stored

    async def ring_and_insert(self: Letterbox, connection: asyncpg.Connection, reports: Sequence[SealedReport]) -> None:
        rings[self]()
        await insert(self, connection, reports)

    _replace(Letterbox, "__init__", prepare_silently)
    _replace(Letterbox, "_insert", ring_and_insert)


def new_id_every_time() -> None:
    _replace(submission, "_id", lambda *_: uuid7())


def no_sweep() -> None:
    _replace(Sweep, "once", lambda _: None)


def sweep_that_only_rings() -> None:
    def once(self: Sweep) -> None:
        waiting.quarantine_spent(self.engine)
        if waiting.anything_waits(self.engine):
            self.ring()

    _replace(Sweep, "once", once)


def attempts_not_committed() -> None:
    """As if the attempt were counted in the transaction that does the work: when that dies, so does the count."""
    take = waiting._take

    def take_uncounted(engine: Engine, ids: Select[UUID], most: int, lease: timedelta) -> Sequence[Taken]:
        taken = take(engine, ids, most, lease)
        with transaction(engine) as session:
            session.execute(
                update(Report)
                .where(Report.id.in_([report.id for report in taken]))
                .values(attempts=Report.attempts - 1)
                .execution_options(synchronize_session=False)
            )
        return [replace(report, attempts=report.attempts - 1) for report in taken]

    _replace(waiting, "_take", take_uncounted)


def _replace(owner: object, name: str, changed: object) -> None:
    assert hasattr(owner, name), f"the product has no {name} any more: this mutant would be none"
    setattr(owner, name, changed)


MUTANTS: Mapping[str, Callable[[], None]] = {
    change.__name__: change
    for change in (
        poisoned,
        acknowledge_before_commit,
        ring_before_commit,
        new_id_every_time,
        no_sweep,
        sweep_that_only_rings,
        attempts_not_committed,
    )
}
