"""The letterbox: acknowledged means stored, once, and a bad moment loses nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import Engine, text

from core.errors import CannotStore
from core.keys import IntakeKeys
from core.models import Model
from core.sealing import Wrapping
from core.settings import Settings
from intake.letterbox import Letterbox
from intake.slots import slot_of
from intake.submission import SealedDraft, SealedReport, Withdrawal, seal
from tests.factories import a_sealed_report, a_submission, a_token, post


def stored(owner: Engine) -> int:
    with owner.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM reports")).scalar_one()


def with_letterbox(url: str | None, act: Callable[[Letterbox], Awaitable[None]]) -> int:
    """Run `act` on an open letterbox; how often it said that something was stored."""
    rings = 0

    def ring() -> None:
        nonlocal rings
        rings += 1

    async def run() -> None:
        assert url
        letterbox = Letterbox(url, stored=ring)
        await letterbox.open()
        try:
            await act(letterbox)
        finally:
            await letterbox.close()

    asyncio.run(run())
    return rings


def test_what_was_posted_is_stored_when_post_returns(settings: Settings, owner: Engine) -> None:
    report = a_sealed_report(settings)

    async def act(letterbox: Letterbox) -> None:
        await letterbox.post(report)
        assert stored(owner) == 1

    assert with_letterbox(settings.intake_database_url, act) == 1


def test_many_at_once_share_a_few_commits(settings: Settings, owner: Engine) -> None:
    reports = [a_sealed_report(settings) for _ in range(60)]

    async def act(letterbox: Letterbox) -> None:
        await asyncio.gather(*map(letterbox.post, reports))

    assert with_letterbox(settings.intake_database_url, act) < 10
    assert stored(owner) == 60


def test_the_same_report_posted_again_and_at_once_is_stored_once(settings: Settings, owner: Engine) -> None:
    report = a_sealed_report(settings)
    post(settings, [report] * 20)
    post(settings, [report])
    assert stored(owner) == 1


def test_the_same_form_gives_the_same_report_and_other_words_another_with_the_same_receipt(settings: Settings) -> None:
    keys, token = IntakeKeys.read(settings.keys_dir), a_token()
    with Wrapping(keys.report) as wrapping:
        first, receipt = seal(keys, wrapping, token, a_submission())
        again, same = seal(keys, wrapping, token, a_submission())
        more, also = seal(keys, wrapping, token, a_submission(what="I forgot to say when it was."))
    assert (again.id, same) == (first.id, receipt)
    assert (more.id != first.id, also, more.receipt_hash) == (True, receipt, first.receipt_hash)


def test_no_two_forms_are_taken_for_one_because_a_word_stands_in_another_field(settings: Settings) -> None:
    keys, token = IntakeKeys.read(settings.keys_dir), a_token()
    forms = [a_submission(what="a"), a_submission(what="", link="a"), a_submission(what="", contact="a")]
    with Wrapping(keys.report) as wrapping:
        assert len({seal(keys, wrapping, token, form)[0].id for form in forms}) == len(forms)


def test_a_row_the_database_refuses_takes_no_neighbour_with_it(settings: Settings, owner: Engine) -> None:
    good, bad = a_sealed_report(settings), replace(a_sealed_report(settings), danger="far too long for its column")
    outcomes: list[object] = []

    async def act(letterbox: Letterbox) -> None:
        outcomes.extend(await asyncio.gather(letterbox.post(good), letterbox.post(bad), return_exceptions=True))

    with_letterbox(settings.intake_database_url, act)
    assert outcomes[0] == ""
    assert isinstance(outcomes[1], CannotStore)
    assert stored(owner) == 1


def test_with_no_database_the_sender_is_told_and_nothing_rings(settings: Settings) -> None:
    report = a_sealed_report(settings)

    async def act(letterbox: Letterbox) -> None:
        with pytest.raises(CannotStore):
            await letterbox.post(report)
        assert not await letterbox.is_durable()

    assert with_letterbox("postgresql://nobody@127.0.0.1:9/none", act) == 0


def test_a_connection_lost_between_two_reports_is_not_noticed_by_the_sender(settings: Settings, owner: Engine) -> None:
    reports = [a_sealed_report(settings), a_sealed_report(settings)]
    hang_up = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hotline_intake'"

    async def act(letterbox: Letterbox) -> None:
        await letterbox.post(reports[0])
        with owner.connect() as connection:
            connection.execute(text(hang_up))
        await letterbox.post(reports[1])

    with_letterbox(settings.intake_database_url, act)
    assert stored(owner) == 2


def test_the_columns_it_writes_are_columns_of_the_tables() -> None:
    for kind in (SealedReport, SealedDraft, Withdrawal):
        assert set(slot_of(kind).columns) <= set(Model.metadata.tables[kind.TABLE].columns.keys())


WRITE_ONLY = [
    "SELECT * FROM reports",
    "SELECT count(*) FROM reports",
    "SELECT id FROM reports",
    "SELECT receipt_hash FROM reports",
    "UPDATE reports SET what = ''",
    "DELETE FROM reports",
    "TRUNCATE reports",
    "COPY reports TO STDOUT",
    "INSERT INTO reports (id, state) VALUES (gen_random_uuid(), 'filed')",
    "INSERT INTO reports SELECT * FROM reports",
    "SELECT * FROM cases",
    "SELECT * FROM report_keys",
    "SELECT * FROM staff",
    "SELECT * FROM agencies",
    "SELECT * FROM audit_entries",
    "INSERT INTO audit_entries (id) VALUES (gen_random_uuid())",
    "CREATE TABLE mine (id int)",
    "SET ROLE hotline_triage",
    "SET ROLE hotline_owner",
]


@pytest.mark.parametrize("statement", WRITE_ONLY)
def test_the_public_role_can_insert_and_nothing_else(
    settings: Settings, as_intake: psycopg.Connection, statement: str
) -> None:
    post(settings, [a_sealed_report(settings)])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_intake.execute(statement.encode())


def test_no_right_but_insert_is_granted_to_the_public_role_on_anything(as_intake: psycopg.Connection) -> None:
    granted = as_intake.execute(
        "SELECT DISTINCT privilege_type, table_name FROM information_schema.column_privileges"
        " WHERE grantee = 'hotline_intake' AND table_schema = 'public'"
    ).fetchall()
    assert granted == [("INSERT", "drafts"), ("INSERT", "reports"), ("INSERT", "withdrawals")]


def test_an_insert_gives_nothing_back(settings: Settings, as_intake: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_intake.execute(
            "INSERT INTO reports (id, channel, language, danger, wrapped_key, what, link, contact, receipt_hash,"
            " mailbox_key) VALUES (gen_random_uuid(), '', '', '', '', '', '', '', '', '') RETURNING what"
        )
