"""A token counts once: the database says so, also for many reports at the same instant."""

import os
import threading
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import Engine, func, select

from core.context import Context
from core.db import transaction
from core.ids import uuid7
from core.keys import IntakeKeys
from core.models import Report, UsedContext
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import ContextState
from intake.site.journey.added import Added
from intake.site.journey.answers import in_place
from intake.site.journey.place import App, framed
from intake.submission import SealedReport, seal, seal_draft
from tests.factories import a_sealed_report, a_submission, a_token, post


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


@pytest.mark.parametrize(
    "added",
    [
        None,
        Added(Context(conversation="room-7"), is_verified=True, id=bytes(32), is_shown=True),
        Added(Context(), is_shown=True),
    ],
    ids=["nothing added", "a signed context", "an empty one"],
)
def test_the_same_form_is_the_same_report_also_when_nobody_can_look_whose_app_it_came_from(
    settings: Settings, added: Added | None
) -> None:
    """Else a form that was stored and sent again in such a moment would be two reports."""
    keys, token = IntakeKeys.read(settings.keys_dir), a_token()
    known, doubtful = App(uuid7(), "chat", "Chat"), App(None, "chat", "chat", is_trusted=False)
    told = [in_place(a_submission(), framed(app), added) for app in (known, doubtful)]
    other = in_place(a_submission(), framed(known), Added(Context(conversation="room-8"), is_shown=True))
    with Wrapping(keys.report) as wrapping:
        ids = [seal(keys, wrapping, token, one)[0].id for one in (*told, other)]
        drafts = [seal_draft(keys, wrapping, token, one, 3).id for one in (*told, other)]
    assert ids[0] == ids[1] != ids[2]
    assert drafts[0] == drafts[1] != drafts[2]


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
