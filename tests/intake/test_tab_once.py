"""A token counts once: the database says so, also for many reports at the same instant."""

import os
import threading
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import Engine, func, select

from core.db import transaction
from core.models import Report, UsedContext
from core.settings import Settings
from core.vocabulary import ContextState
from intake.submission import SealedReport
from tests.factories import a_sealed_report, post


def signed(settings: Settings, id: bytes) -> SealedReport:
    return replace(a_sealed_report(settings), context_state=ContextState.VERIFIED, context_id=id)


def states(owner: Engine) -> dict[ContextState | None, int]:
    with transaction(owner) as session:
        found = session.execute(select(Report.context_state, func.count()).group_by(Report.context_state))
        return {row[0]: row[1] for row in found}


def test_of_many_in_one_commit_one_counts(settings: Settings, owner: Engine) -> None:
    id = os.urandom(32)
    post(settings, [signed(settings, id) for _ in range(30)])
    assert states(owner) == {ContextState.VERIFIED: 1, ContextState.UNVERIFIED: 29}


def test_of_many_processes_at_the_same_instant_one_counts(settings: Settings, owner: Engine) -> None:
    id, start = os.urandom(32), threading.Barrier(6)
    reports = [signed(settings, id) for _ in range(6)]

    def store(report: SealedReport) -> None:
        start.wait()
        post(settings, [report])

    threads = [threading.Thread(target=store, args=(report,)) for report in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(owner) == {ContextState.VERIFIED: 1, ContextState.UNVERIFIED: 5}


def test_the_same_report_again_is_no_second_use(settings: Settings, owner: Engine) -> None:
    report = signed(settings, os.urandom(32))
    for _ in range(3):
        post(settings, [report])
    assert states(owner) == {ContextState.VERIFIED: 1}


def test_the_tokens_name_is_kept_beside_a_receipts_hash_and_nowhere_else(settings: Settings, owner: Engine) -> None:
    report = signed(settings, os.urandom(32))
    post(settings, [report])
    with transaction(owner) as session:
        [used] = session.scalars(select(UsedContext)).all()
        assert (used.id, used.receipt_hash) == (report.context_id, report.receipt_hash)
        assert session.scalars(select(Report.context_id)).all() == [None]


@pytest.mark.parametrize("statement", ["SELECT * FROM contexts", "DELETE FROM contexts", "SELECT use_context()"])
def test_the_public_role_neither_reads_nor_forgets_which_were_used(
    as_intake: psycopg.Connection, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_intake.execute(statement.encode())
