"""What a partner sends: stored once for each key, told apart where it is stored, and sealed whole."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.keys import TriageKeys
from core.sealing import Row
from core.settings import Settings
from intake.submission import Taken
from ops.partners import book
from tests.factories import a_partner, a_partner_report, a_sealed_report, a_submission, post


def stored(owner: Engine, query: str = "SELECT count(*) FROM reports") -> int:
    with owner.connect() as connection:
        return connection.execute(text(query)).scalar_one()


def test_the_same_key_with_the_same_content_is_one_report_and_with_other_content_none(
    settings: Settings, owner: Engine
) -> None:
    partner = a_partner(settings, owner).id
    first, again = (a_partner_report(settings, partner, content=b"a") for _ in range(2))
    other = a_partner_report(settings, partner, content=b"b")
    said = [post(settings, [report])[0] for report in (first, again, other, first)]
    assert said == [Taken.TAKEN, Taken.TAKEN, Taken.CONFLICT, Taken.TAKEN]
    assert first.receipt_hash == again.receipt_hash
    assert stored(owner) == 1


def test_one_batch_may_hold_the_same_key_several_times(settings: Settings, owner: Engine) -> None:
    partner = a_partner(settings, owner).id
    contents: Sequence[bytes] = (b"a", b"b", b"a", b"b")
    said = post(settings, [a_partner_report(settings, partner, content=content) for content in contents])
    assert said == [Taken.TAKEN, Taken.CONFLICT, Taken.TAKEN, Taken.CONFLICT]
    assert stored(owner) == 1


def test_two_processes_given_one_key_with_two_contents_take_one_of_them(settings: Settings, owner: Engine) -> None:
    partner = a_partner(settings, owner).id
    rounds = 12
    for number in range(rounds):
        rivals = [a_partner_report(settings, partner, key=f"{number}", content=content) for content in (b"a", b"b")]
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda report: post(settings, [report])[0], rivals))
        assert sorted(said) == [Taken.CONFLICT, Taken.TAKEN]
    assert stored(owner) == rounds


def test_the_same_key_of_two_partners_is_two_keys(settings: Settings, owner: Engine) -> None:
    reports = [a_partner_report(settings, a_partner(settings, owner).id, content=b"a") for _ in range(2)]
    assert post(settings, reports) == [Taken.TAKEN, Taken.TAKEN]
    assert stored(owner) == 2


def test_a_quarantined_partner_is_told_so_at_once_and_nothing_is_kept(settings: Settings, owner: Engine) -> None:
    partner, other = a_partner(settings, owner), a_partner(settings, owner)
    with transaction(owner) as session:
        book.set_quarantine(session, book.find_partner(session, partner.code), shut=True)
    reports = [a_partner_report(settings, each.id) for each in (partner, other)]
    assert post(settings, reports) == [Taken.QUARANTINED, Taken.TAKEN]
    assert stored(owner) == stored(owner, "SELECT count(*) FROM idempotency_keys") == 1


def test_forms_and_partners_reports_share_a_commit_and_each_learns_its_own_outcome(
    settings: Settings, owner: Engine
) -> None:
    partner = a_partner(settings, owner).id
    posts = [
        a_partner_report(settings, partner, key="one", content=b"a"),
        a_sealed_report(settings),
        a_partner_report(settings, partner, key="one", content=b"b"),
        a_sealed_report(settings),
    ]
    assert post(settings, posts) == [Taken.TAKEN, "", Taken.CONFLICT, ""]
    assert stored(owner) == 3


def test_what_was_sent_is_sealed_whole_and_opens_with_the_report_s_key(settings: Settings, owner: Engine) -> None:
    partner = a_partner(settings, owner).id
    submission = a_submission(source='{"service": "Northwind Chat"}', completeness=40)
    post(settings, [a_partner_report(settings, partner, submission)])
    with owner.connect() as connection:
        row = connection.execute(text("SELECT * FROM reports")).mappings().one()
    place = Row("reports", row["id"])
    with TriageKeys.read(settings.keys_dir).reports.unwrap(place, row["wrapped_key"]) as key:
        assert key.open(place, "source", row["source"]) == submission.source
    assert (row["partner_id"], row["completeness"], row["channel"]) == (partner, 40, "api")


READING = [
    "SELECT * FROM partners",
    "SELECT code FROM partners",
    "SELECT * FROM partner_credentials",
    "SELECT * FROM idempotency_keys",
    "INSERT INTO idempotency_keys (id, content, report_id) VALUES ('', '', gen_random_uuid())",
    "UPDATE partners SET quarantined_at = NULL",
    "INSERT INTO partners (id, code, name, username, quota_per_minute) VALUES (gen_random_uuid(), 'a', 'a', 'a', 1)",
]


@pytest.mark.parametrize("statement", READING)
def test_the_public_role_lists_no_partners(as_intake: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_intake.execute(statement.encode())


def test_the_narrow_functions_are_all_that_the_public_role_may_call(owner: Engine) -> None:
    may_call = (
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND has_function_privilege('hotline_intake', oid, 'EXECUTE') ORDER BY proname"
    )
    with owner.connect() as connection:
        assert connection.execute(text(may_call)).scalars().all() == [
            "change_open_reports",
            "directory",
            "mailbox",
            "open_reports",
            "partner_by_code",
            "partner_by_secret",
            "take_from_partners",
        ]
