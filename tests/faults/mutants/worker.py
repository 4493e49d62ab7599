"""Mutants of the triage worker, and the faults that some scenarios need inside it."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from typing import Any

from sqlalchemy import Engine, TextClause, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from core import db
from core.db import transaction
from core.keys import TriageKeys
from core.models import Report
from tests.faults.history import POISON
from tests.faults.mutants import replace
from triage import drain, pipeline, waiting
from triage.arrays import run
from triage.bundling import batch
from triage.cases import filing
from triage.pipeline import triage
from triage.reading import hosting
from triage.reading.asking import Answer, Resolver, ask
from triage.routing.routes import Routes
from triage.sweep import Sweep
from triage.understanding import Understood
from triage.waiting import Taken


def poisoned() -> None:
    """No mutant but a fault: some report kills the worker that works it. Three attempts: each costs a start."""

    def triage_or_die(session: Session, keys: TriageKeys, routes: Routes, taken: Sequence[Understood]) -> None:
        triage(session, keys, routes, taken)
        if any(report.country == POISON for report in taken):
            os.kill(os.getpid(), signal.SIGKILL)

    replace(drain, "triage", triage_or_die)
    replace(waiting, "ATTEMPTS", 3)


def slow() -> None:
    """No mutant but a fault: the work takes two seconds more."""

    def triage_slowly(session: Session, keys: TriageKeys, routes: Routes, taken: Sequence[Understood]) -> None:
        triage(session, keys, routes, taken)
        time.sleep(2)

    replace(drain, "triage", triage_slowly)


def nobody_waits_for_a_receipt() -> None:
    """Nor for what a report names: a line added names the same link, and that alone would keep them together."""
    replace(pipeline, "one_at_a_time", lambda *_: None)
    replace(batch, "lock", lambda *_: None)


def cases_of_their_own() -> None:
    """As if a case were opened by one transaction and its reports filed in it by the next."""

    def run_apart(session: Session, statement: TextClause, rows: Sequence[tuple[object, ...]]) -> None:
        if statement is not filing.OPEN_CASES:
            run(session, statement, rows)
            return
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        with transaction(engine) as own:
            run(own, statement, rows)

    replace(filing, "run", run_apart)


def refreshed() -> None:
    """No mutant but a fault: a resolver that did not answer is asked again at once, and no answer is kept."""
    replace(hosting, "REST", 0.0)
    replace(hosting, "SHORTEST", 0.0)


def waits_for_every_name() -> None:
    """For as long as the resolver takes."""

    def ask_and_wait(resolver: Resolver, names: Sequence[str], deadline: float) -> Mapping[str, Answer]:
        return ask(resolver, names, deadline + 3600)

    replace(hosting, "ask", ask_and_wait)


def impatient() -> None:
    """No mutant: a silent line is given up after 3 seconds, so that nobody has to wait for a test."""
    replace(db, "SILENCE", 3.0)


def endless_patience() -> None:
    replace(db, "SILENCE", 3600.0)


def no_sweep() -> None:
    replace(Sweep, "once", lambda _: None)


def sweep_that_only_rings() -> None:
    def once(self: Sweep) -> None:
        waiting.quarantine_spent(self.engine)
        if waiting.anything_waits(self.engine):
            self.ring()

    replace(Sweep, "once", once)


def attempts_not_committed() -> None:
    """As if an attempt were counted in the transaction that does the work: when that dies, so does the count."""
    take = waiting._take

    def take_uncounted(engine: Engine, taking: ReturningUpdate[Any], **limits: object) -> Sequence[Taken]:
        taken = take(engine, taking, **limits)
        with transaction(engine) as session:
            session.execute(
                update(Report)
                .where(Report.id.in_([report.id for report in taken]))
                .values(attempts=Report.attempts - 1)
                .execution_options(synchronize_session=False)
            )
        return [changed(report, attempts=report.attempts - 1) for report in taken]

    replace(waiting, "_take", take_uncounted)
