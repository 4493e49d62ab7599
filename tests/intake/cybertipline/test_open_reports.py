"""Open reports where they are stored: decided one by one, atomically, and for their own partner only."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Engine, text

from core.errors import DatabaseTrouble
from core.keys import IntakeKeys
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Channel
from intake.partners.cybertipline.posts import Act, Change
from intake.slots import Post
from intake.submission import OpeningReport, seal_opening
from tests.factories import KnownPartner, a_partner, a_sealed_report, a_submission, post

NUMBER = 10**12


def an_opening(settings: Settings, partner: KnownPartner, number: int = NUMBER, batched: bool = False) -> OpeningReport:
    keys = IntakeKeys.read(settings.keys_dir)
    submission = replace(a_submission(source="<report/>"), partner=partner.id, channel=Channel.CYBERTIPLINE)
    with Wrapping(keys.report) as wrapping:
        return seal_opening(keys, wrapping, number, submission, batched)


def act(act: Act, partner: KnownPartner, number: int = NUMBER, part: UUID | None = None, sealed: bytes = b"") -> Change:
    return Change(act, number, partner.id, part or uuid4(), sealed, sealed)


def count(owner: Engine, table: str = "reports") -> int:
    with owner.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608


def test_a_whole_life_in_one_batch_beside_a_form(settings: Settings, owner: Engine, partner: KnownPartner) -> None:
    file, other = uuid4(), uuid4()
    assert post(settings, [an_opening(settings, partner)]) == ["done"]
    posts: Sequence[Post] = [
        act(Act.UPLOAD, partner, part=file),
        a_sealed_report(settings),
        act(Act.DESCRIBE, partner, part=file, sealed=b"one"),
        act(Act.DESCRIBE, partner, part=file, sealed=b"two"),
        act(Act.DESCRIBE, partner, part=other),
        act(Act.UPLOAD, partner, part=other),
        act(Act.FINISH, partner),
        act(Act.UPLOAD, partner),
    ]
    finished = f"done {file.hex} {other.hex}"
    assert post(settings, posts) == ["done", "", "done", "described", "no_file", "done", finished, "finished"]
    assert count(owner) == 2


def test_the_letterbox_may_ask_twice_after_a_lost_connection(
    settings: Settings, owner: Engine, partner: KnownPartner
) -> None:
    file = uuid4()
    asked: Sequence[tuple[Post, str]] = [
        (an_opening(settings, partner), "done"),
        (act(Act.UPLOAD, partner, part=file), "done"),
        (act(Act.DESCRIBE, partner, part=file, sealed=b"one"), "done"),
        (act(Act.FINISH, partner), f"done {file.hex}"),
    ]
    for each, outcome in asked:
        assert [post(settings, [each])[0] for _ in range(2)] == [outcome, outcome]
    assert (count(owner), count(owner, "report_parts"), count(owner, "open_reports")) == (1, 1, 1)
    post(settings, [an_opening(settings, partner, NUMBER + 1)])
    retraction = act(Act.RETRACT, partner, NUMBER + 1)
    assert [post(settings, [retraction])[0].split() for _ in range(2)] == [["done"], ["done"]]


def test_a_number_is_given_once(settings: Settings, owner: Engine, partner: KnownPartner) -> None:
    openings = [an_opening(settings, partner), an_opening(settings, a_partner(settings, owner, "Other Chat"))]
    assert post(settings, [openings[0]]) == ["done"]
    assert post(settings, [openings[1]]) == ["number_taken"]
    assert count(owner, "open_reports") == 1


def test_finished_or_retracted_but_never_both(settings: Settings, owner: Engine, partner: KnownPartner) -> None:
    rounds = 10
    post(settings, [an_opening(settings, partner, NUMBER + number) for number in range(rounds)])
    finished = 0
    for number in range(rounds):
        rivals = [act(Act.FINISH, partner, NUMBER + number), act(Act.RETRACT, partner, NUMBER + number)]
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda change: post(settings, [change])[0].split(), rivals))
        assert said in ([["done"], ["finished"]], [["retracted"], ["done"]])
        finished += said[0] == ["done"]
    assert count(owner) == finished


def test_a_file_comes_in_time_or_is_told_that_it_did_not(
    settings: Settings, owner: Engine, partner: KnownPartner
) -> None:
    for number in range(10):
        post(settings, [an_opening(settings, partner, NUMBER + number)])
        rivals = [act(Act.UPLOAD, partner, NUMBER + number), act(Act.FINISH, partner, NUMBER + number)]
        with ThreadPoolExecutor(2) as pool:
            upload, finish = pool.map(lambda change: post(settings, [change])[0].split(), rivals)
        assert (upload, len(finish)) in ((["done"], 2), (["finished"], 1))


def test_another_partner_changes_nothing(settings: Settings, owner: Engine, partner: KnownPartner) -> None:
    other = a_partner(settings, owner, "Other Chat")
    post(settings, [an_opening(settings, partner)])
    assert post(settings, [act(each, other) for each in Act]) == ["no_report"] * len(Act)
    assert count(owner, "report_parts") == count(owner) == 0


READING = [
    "SELECT * FROM open_reports",
    "SELECT state FROM open_reports",
    "SELECT id FROM report_parts",
    "INSERT INTO report_parts (id, number, report_id, upload_key, upload) VALUES (gen_random_uuid(), 1, NULL, '', '')",
    "UPDATE open_reports SET state = 'finished'",
    "DELETE FROM open_reports",
]


@pytest.mark.parametrize("statement", READING)
def test_the_public_role_reads_and_changes_nothing_by_itself(as_intake: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_intake.execute(statement.encode())


def test_triage_sees_no_more_of_an_open_report_than_when_it_lapses(triage_engine: Engine) -> None:
    for column in ("source", "details", "wrapped_key", "partner_id"):
        with pytest.raises(DatabaseTrouble, match="42501"), triage_engine.connect() as connection:
            connection.execute(text(f"SELECT {column} FROM open_reports"))  # noqa: S608
