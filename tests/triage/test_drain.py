"""Draining: each report in one case, whatever else is in its batch."""

import re
import threading
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from core.db import connect, transaction
from core.errors import DatabaseDown
from core.keys import ConsoleKeys, IntakeKeys
from core.sealing import Row, Wrapping
from core.settings import Settings
from core.vocabulary import Danger
from intake.submission import seal
from tests.factories import a_drain, a_sealed_report, a_submission, a_token, an_agency, post
from triage import waiting
from triage.pipeline import EARLIER
from triage.sweep import Sweep

NO_TIME = timedelta(0)


def rows(owner: Engine, query: str) -> list[tuple[Any, ...]]:
    with owner.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def make_due(owner: Engine) -> None:
    """Let the time pass that a report must wait for its next attempt."""
    with owner.begin() as connection:
        connection.execute(text("UPDATE reports SET next_try_at = now()"))


def test_every_report_ends_in_a_case_of_its_own(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    post(settings, [a_sealed_report(settings) for _ in range(25)])
    a_drain(settings, triage_engine, batch=10)()
    assert rows(owner, "SELECT count(*), count(DISTINCT case_id) FROM reports WHERE state = 'filed'") == [(25, 25)]


def test_a_second_drain_changes_nothing(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    post(settings, [a_sealed_report(settings)])
    drain = a_drain(settings, triage_engine)
    drain()
    before = rows(owner, "SELECT * FROM reports, cases")
    drain()
    assert rows(owner, "SELECT * FROM reports, cases") == before


def test_a_filed_report_opens_with_its_agencys_key_and_no_longer_with_triages(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    post(settings, [a_sealed_report(settings, a_submission(what="He asked where I live."))])
    a_drain(settings, triage_engine)()
    [(report, wrapped, what, left)] = rows(
        owner, "SELECT id, k.wrapped_key, what, r.wrapped_key FROM reports r JOIN report_keys k ON report_id = id"
    )
    place = Row("reports", report)
    key = ConsoleKeys.read(settings.keys_dir).ring("hotline").unwrap(place, wrapped)
    assert key.open(place, "what", what) == "He asked where I live."
    assert left is None


@pytest.mark.parametrize(
    ("country", "agency"), [("IT", "example-it"), ("FR", "hotline"), (None, "hotline"), ("DE", "example-de")]
)
def test_a_report_goes_to_its_countrys_connected_agency_or_else_to_the_hotline(
    settings: Settings, owner: Engine, triage_engine: Engine, country: str | None, agency: str
) -> None:
    with Session(owner) as session, session.begin():
        an_agency(session, settings, "example-it", "IT")
        an_agency(session, settings, "example-de", "DE")
    post(settings, [a_sealed_report(settings, a_submission(country=country))])
    a_drain(settings, triage_engine)()
    assert rows(owner, "SELECT code FROM cases JOIN agencies ON agency_id = agencies.id") == [(agency,)]


def test_what_is_added_under_one_receipt_joins_its_case_and_reopens_it(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    keys, token = IntakeKeys.read(settings.keys_dir), a_token()
    with Wrapping(keys.report) as wrapping:
        words = ("first", "second", "third")
        first, second, third = (seal(keys, wrapping, token, a_submission(what=word))[0] for word in words)
    drain = a_drain(settings, triage_engine)
    post(settings, [first, second])
    drain()
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET state = 'closed', disposition = 'acted_on', closed_at = now()"))
    post(settings, [replace(third, danger=Danger.YES)])
    drain()
    assert rows(owner, "SELECT report_count, state, priority FROM cases") == [(3, "open", 1)]
    assert rows(owner, "SELECT count(*), count(DISTINCT case_id) FROM reports") == [(3, 1)]


def test_danger_now_is_taken_before_what_is_older(settings: Settings, triage_engine: Engine) -> None:
    post(settings, [a_sealed_report(settings)])
    urgent = a_sealed_report(settings, a_submission(danger=Danger.YES))
    post(settings, [urgent])
    [taken] = waiting.take_fresh(triage_engine, 1, timedelta(seconds=5))
    assert taken.id == urgent.id


def test_what_one_worker_has_in_hand_no_other_takes(settings: Settings, triage_engine: Engine) -> None:
    post(settings, [a_sealed_report(settings) for _ in range(3)])
    assert len(waiting.take_fresh(triage_engine, 2, timedelta(seconds=5))) == 2
    assert len(waiting.take_fresh(triage_engine, 2, timedelta(seconds=5))) == 1
    assert not waiting.take_fresh(triage_engine, 2, timedelta(seconds=5))
    assert not waiting.take_tried(triage_engine, timedelta(seconds=5))


def test_the_attempt_is_counted_before_the_work(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    post(settings, [a_sealed_report(settings)])
    waiting.take_fresh(triage_engine, 1, NO_TIME)
    assert rows(owner, "SELECT attempts FROM reports") == [(1,)]


def test_whose_lease_ran_out_files_nothing(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    post(settings, [a_sealed_report(settings)])
    drain = a_drain(settings, triage_engine)
    late = waiting.take_fresh(triage_engine, 1, NO_TIME)
    waiting.take_tried(triage_engine, timedelta(seconds=5))
    drain.work(late)
    assert rows(owner, "SELECT count(*) FROM cases") == [(0,)]


def test_a_look_at_what_is_in_hand_does_not_put_it_off(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    """Another worker's search locks rows for an instant after they were taken; they are filed all the same."""
    post(settings, [a_sealed_report(settings)])
    drain = a_drain(settings, triage_engine)
    taken = waiting.take_fresh(triage_engine, 10, drain.lease)
    with owner.begin() as looking:
        looking.execute(text("SELECT FROM reports FOR UPDATE"))
        work = threading.Thread(target=drain.work, args=(taken,))
        work.start()
        work.join(0.3)
    work.join()
    assert rows(owner, "SELECT count(*) FROM cases") == [(1,)]


def test_a_report_that_does_not_open_is_quarantined_after_five_attempts_and_its_neighbours_are_filed(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    bad = replace(a_sealed_report(settings), wrapped_key=b"\x01" * 1237)
    post(settings, [a_sealed_report(settings), bad, a_sealed_report(settings)])
    drain = a_drain(settings, triage_engine)
    for _ in range(7):
        drain()
        make_due(owner)
    assert rows(owner, "SELECT state, count(*) FROM reports GROUP BY state ORDER BY state") == [
        ("filed", 2),
        ("quarantined", 1),
    ]
    assert rows(owner, "SELECT id, attempts, trouble FROM reports WHERE state = 'quarantined'") == [
        (bad.id, 5, "CannotOpen")
    ]


def test_what_died_with_its_workers_five_times_is_quarantined_by_the_sweep(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    post(settings, [a_sealed_report(settings)])
    waiting.take_fresh(triage_engine, 1, NO_TIME)
    for _ in range(4):
        waiting.take_tried(triage_engine, NO_TIME)
    Sweep(triage_engine, lambda: True, lambda: None, 1, lambda: None).once()
    assert rows(owner, "SELECT state, attempts, trouble FROM reports") == [("quarantined", 5, "WorkerDied")]


def test_the_sweep_rings_only_when_something_waits_and_drains_itself_when_no_bell_is_heard(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    heard: list[bool] = []
    drain = a_drain(settings, triage_engine)

    def ring() -> bool:
        heard.append(True)
        return True

    ringing = Sweep(triage_engine, ring, drain, 1, lambda: None)
    ringing.once()
    assert not heard
    post(settings, [a_sealed_report(settings)])
    ringing.once()
    assert heard
    assert rows(owner, "SELECT count(*) FROM cases") == [(0,)]
    Sweep(triage_engine, lambda: False, drain, 1, lambda: None).once()
    assert rows(owner, "SELECT count(*) FROM cases") == [(1,)]


def test_a_database_that_is_gone_is_not_the_reports_fault(settings: Settings) -> None:
    nowhere = connect("postgresql://hotline_triage@127.0.0.1:9/none", by_index_only=True)
    with pytest.raises(DatabaseDown):
        a_drain(settings, nowhere)()


MANY = """
    WITH opened AS (
        INSERT INTO cases (id, reference, agency_id, priority, language, danger, received_at)
        SELECT gen_random_uuid(), 'C-' || n, agencies.id, 3, 'en', 'no', now()
        FROM generate_series(1, 3000) AS n, agencies WHERE home RETURNING id, reference
    )
    INSERT INTO reports (id, channel, language, danger, what, link, contact, receipt_hash, mailbox_key, state, case_id)
    SELECT id, 'site', 'en', 'no', '', '', '', sha256(reference::bytea), '', 'filed', id FROM opened
"""


def test_what_was_told_before_is_looked_up_for_each_receipt_however_many_cases_there_are(
    owner: Engine, triage_engine: Engine
) -> None:
    """A worker's statements must not sort: asked for an order, one reads every case there is for each batch."""
    with owner.begin() as connection:
        connection.execute(text(MANY))
    receipts = [sha256(f"C-{n}".encode()).digest() for n in (1, 17, 2999, 10_000)]
    with transaction(triage_engine) as session:
        found = session.execute(EARLIER, {"receipts": receipts}).all()
        plan = session.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {EARLIER}"), {"receipts": receipts})
        rows = re.findall(r"actual rows=([\d.]+) loops=(\d+)", "\n".join(plan))
    assert {row.receipt for row in found} == set(receipts[:3])
    assert rows and max(float(each) * int(loops) for each, loops in rows) <= len(receipts)
