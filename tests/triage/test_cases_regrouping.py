"""Merging, taking out and undoing: every report stays in exactly one case, whatever staff do in whatever order."""

import itertools
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from core.db import transaction
from core.errors import DatabaseTrouble
from core.keys import ConsoleKeys, IntakeKeys
from core.receipts import open_answer
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Act, Danger, Regrouping
from intake.submission import seal
from intake.tokens import FormToken
from tests.factories import a_drain, a_submission, a_token, an_agency, post
from tests.triage.analyst import acts, cases_of, hire, person_of
from triage.cases.answering import EVERYBODY, answer_reporter
from triage.cases.person import Person
from triage.cases.reading import NoSuchCase, read_case
from triage.cases.regrouping import (
    CannotRegroup,
    ChangedSince,
    NothingLeft,
    OtherCaseClosed,
    case_by_reference,
    merge,
    split,
    undo,
)

LINK = "https://forum.example/t/4711"
OTHER = "https://forum.example/t/4712"
WHY = "The same person tells both."


class House:
    """An agency at work."""

    def __init__(self, settings: Settings, owner: Engine, console: Engine, worker: Engine) -> None:
        self.settings, self.owner, self.console, self.worker = settings, owner, console, worker
        self.person: Person = person_of(owner, hire(owner, settings))
        self.receipts: list[tuple[FormToken, str]] = []

    def tell(
        self,
        link: str = LINK,
        what: str = "Look.",
        token: FormToken | None = None,
        danger: Danger = Danger.UNSAID,
    ) -> UUID:
        """The report's id, filed."""
        keys = IntakeKeys.read(self.settings.keys_dir)
        made = token or a_token()
        with Wrapping(keys.report) as wrapping:
            report, receipt = seal(keys, wrapping, made, a_submission(what, link=link, danger=danger))
        self.receipts.append((made, receipt))
        post(self.settings, [report])
        a_drain(self.settings, self.worker)()
        return report.id

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.owner.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def case_of(self, report: UUID) -> UUID:
        [case] = [UUID(str(case)) for found, case in self.rows("SELECT id, case_id FROM reports") if found == report]
        return case

    def merge(self, case: UUID, into: UUID) -> None:
        with transaction(self.console, self.person.agency) as session:
            merge(session, self.person, case, into, WHY)

    def split(self, case: UUID, *reports: UUID) -> UUID:
        with transaction(self.console, self.person.agency) as session:
            return split(session, self.person, case, reports, WHY)

    def undo(self, record: object) -> UUID:
        with transaction(self.console, self.person.agency) as session:
            return undo(session, self.person, UUID(str(record)), WHY)

    def last(self) -> object:
        return self.rows("SELECT id FROM regroupings ORDER BY done_at DESC, id DESC LIMIT 1")[0][0]

    def check(self) -> None:
        """P1, and that every count says what is so."""
        assert self.rows("SELECT count(*) FROM reports WHERE state <> 'filed' OR case_id IS NULL") == [(0,)]
        assert self.rows(COUNTS) == []
        assert self.rows(MARKS) == []
        assert self.rows("SELECT 1 FROM reports GROUP BY receipt_hash HAVING count(DISTINCT case_id) > 1") == []
        assert self.rows("SELECT 1 FROM cases WHERE (merged_into IS NOT NULL) <> (report_count = 0)") == []
        assert self.rows(TEXTS) == []


COUNTS = """
    SELECT cases.id FROM cases LEFT JOIN reports ON reports.case_id = cases.id GROUP BY cases.id
    HAVING cases.report_count <> count(reports.id)
        OR count(reports.id) > 0 AND (cases.received_at, cases.last_received_at, cases.priority) IS DISTINCT FROM
            (min(reports.received_at), max(reports.received_at), min(reports.priority))
        OR count(reports.id) > 0 AND (cases.danger = 'yes') <> bool_or(reports.danger = 'yes')
"""
MARKS = """
    SELECT 1 FROM case_marks FULL JOIN (
        SELECT reports.case_id, blind, count(*) AS count, min(received_at) AS first, max(received_at) AS last
        FROM reports CROSS JOIN unnest(reports.marks) AS blind GROUP BY reports.case_id, blind
    ) AS named ON named.case_id = case_marks.case_id AND named.blind = case_marks.blind
    WHERE (report_count, first_seen_at, last_seen_at) IS DISTINCT FROM (count, first, last)
"""
TEXTS = """
    SELECT 1 FROM reports LEFT JOIN case_texts ON case_texts.id = text_id
    WHERE text_id IS NOT NULL AND case_texts.case_id IS DISTINCT FROM reports.case_id
"""


@pytest.fixture
def house(settings: Settings, owner: Engine, console_engine: Engine, triage_engine: Engine) -> House:
    return House(settings, owner, console_engine, triage_engine)


def test_merged_cases_are_one_and_the_emptied_one_leads_there(house: House) -> None:
    one, other = house.case_of(house.tell(LINK)), house.case_of(house.tell(OTHER, danger=Danger.YES))
    house.merge(one, other)
    house.check()
    assert house.rows("SELECT merged_into, state FROM cases WHERE report_count = 0") == [(other, "closed")]
    assert house.case_of(house.tell(LINK)) == other
    assert [entry.subject for entry in acts(house.owner, Act.CASES_MERGED)] == [one, other]


def test_a_merge_undone_is_as_before_and_what_came_since_stays(house: House) -> None:
    first, second = house.tell(LINK), house.tell(OTHER)
    one, other = house.case_of(first), house.case_of(second)
    house.merge(one, other)
    since = house.tell(LINK)
    assert house.undo(house.last()) == one
    house.check()
    assert [house.case_of(report) for report in (first, second, since)] == [one, other, other]
    assert house.rows("SELECT count(*) FROM cases WHERE state = 'open'") == [(2,)]
    assert house.rows("SELECT act FROM regroupings ORDER BY done_at") == [(Regrouping.MERGED,), (Regrouping.UNDONE,)]


def test_what_is_taken_out_takes_along_what_the_same_person_told(house: House) -> None:
    token = a_token()
    reports = [house.tell(LINK), house.tell(LINK, token=token, danger=Danger.UNSURE), house.tell(LINK)]
    added = house.tell("", "More.", token=token)
    case = house.case_of(reports[0])
    fresh = house.split(case, added)
    house.check()
    assert [house.case_of(report) for report in (*reports, added)] == [case, fresh, case, fresh]
    assert house.rows("SELECT priority, danger FROM cases ORDER BY priority") == [(2, "unsure"), (3, "unsaid")]
    assert house.case_of(house.tell("", "Even more.", token=token)) == fresh
    assert house.undo(house.last()) == case
    house.check()
    assert house.rows("SELECT count(*) FROM cases WHERE report_count = 5") == [(1,)]


def test_what_makes_no_sense_is_refused_and_changes_nothing(house: House) -> None:
    case, other = house.case_of(house.tell(LINK)), house.case_of(house.tell(OTHER))
    report = house.tell(LINK)
    with house.owner.begin() as connection:
        closing = "UPDATE cases SET state = 'closed', disposition = 'acted_on', closed_at = now() WHERE id = :case"
        connection.execute(text(closing), {"case": other})
    with pytest.raises(OtherCaseClosed):
        house.merge(case, other)
    with pytest.raises(CannotRegroup):
        house.merge(case, case)
    with pytest.raises(NothingLeft):
        house.split(other, report)
    with pytest.raises(NothingLeft):
        house.split(case, report, *[UUID(str(row[0])) for row in house.rows("SELECT id FROM reports")])
    house.split(case, report)
    split_record = house.last()
    house.undo(split_record)
    for _ in range(2):
        with pytest.raises(ChangedSince):
            house.undo(split_record)
    house.check()


def test_what_is_taken_out_keeps_the_clock_and_the_queue_of_where_it_was(house: House) -> None:
    """Also when the clock counts from another moment than the first report's, and when it stands still."""
    reports = [house.tell(LINK) for _ in range(3)]
    case = house.case_of(reports[0])
    with house.owner.begin() as connection:
        connection.execute(text("UPDATE cases SET clock_from = received_at + interval '2 hours', queue = 'pages'"))
    house.split(case, reports[2])
    assert house.rows("SELECT count(DISTINCT clock_from), bool_and(queue = 'pages') FROM cases") == [(1, True)]
    paused = "priority = 1, clock_from = now() - interval '70 minutes', stopped_at = now() - interval '1 hour'"
    with house.owner.begin() as connection:
        connection.execute(text(f"UPDATE cases SET {paused} WHERE id = :case"), {"case": case})  # noqa: S608  # our own words
    fresh = house.split(case, reports[1])
    clocks = house.rows("SELECT id, extract(epoch FROM now() - clock_from)::int / 60, stopped_at IS NULL FROM cases")
    assert (fresh, 10, True) in clocks, "what passed while it was paused is not counted"
    house.check()


def test_history_is_only_added_to(house: House) -> None:
    house.tell(LINK)
    house.split(house.case_of(house.tell(LINK)), house.tell(LINK))
    for statement in ("UPDATE regroupings SET act = 'merged'", "DELETE FROM regroupings"):
        with pytest.raises(DatabaseTrouble), transaction(house.console, house.person.agency) as session:
            session.execute(text(statement))


def test_reasons_are_sealed_to_the_agency_and_read_on_both_pages(house: House) -> None:
    one, other = house.case_of(house.tell(LINK)), house.case_of(house.tell(OTHER))
    house.merge(one, other)
    assert not any(WHY.encode() in bytes(str(row), "utf-8") for row in house.rows("SELECT reason FROM regroupings"))
    keys = ConsoleKeys.read(house.settings.keys_dir)
    for case in (one, other):
        [step] = read_case(house.console, keys, house.person, case).regroupings
        assert (step.reason, step.may_undo, step.reports) == (WHY, True, 1)


def test_another_agencys_cases_are_neither_found_nor_moved_by_either_wall(house: House) -> None:
    with transaction(house.owner) as session:
        an_agency(session, house.settings)
    foreign = person_of(house.owner, hire(house.owner, house.settings, "Bea Rossi", agency="example-it"))
    one, other = house.case_of(house.tell(LINK)), house.case_of(house.tell(OTHER))
    house.split(one, house.tell(LINK))
    record = UUID(str(house.last()))
    reference = cases_of(house.owner)[0].reference
    for engine in (house.console, house.owner):
        with transaction(engine, foreign.agency) as session:
            for act in (
                lambda: case_by_reference(session, foreign.agency, reference),
                lambda: merge(session, foreign, one, other, WHY),
                lambda: split(session, foreign, one, [], WHY),
                lambda: undo(session, foreign, record, WHY),
                lambda: answer_reporter(session, foreign, one, record, "Words", EVERYBODY),
            ):
                with pytest.raises(NoSuchCase):
                    act()
    with transaction(house.console, foreign.agency) as session:
        for table in ("case_marks", "case_texts", "case_links", "regroupings", "answer_copies"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0  # noqa: S608  # our tables
        moved = session.execute(text("UPDATE reports SET case_id = case_id RETURNING id")).all()
        assert moved == []


def test_an_answer_reaches_one_reporter_or_each_of_them_once(house: House) -> None:
    token = a_token()
    reports = [house.tell(LINK), house.tell(LINK, token=token), house.tell("", "More.", token=token), house.tell(LINK)]
    case = house.case_of(reports[0])
    with transaction(house.console, house.person.agency) as session:
        answer_reporter(session, house.person, case, a_uuid(1), "For one.", reports[3])
        answer_reporter(session, house.person, case, a_uuid(2), "For all.", EVERYBODY)
    house.split(case, reports[1])
    assert [mail(house, receipt) for _, receipt in house.receipts] == [
        ["For all."],
        ["For all."],
        ["For all."],
        ["For one.", "For all."],
    ]
    keys = ConsoleKeys.read(house.settings.keys_dir)
    answers = read_case(house.console, keys, house.person, case).answers
    assert [(answer.words, answer.reporters) for answer in answers] == [("For one.", 1), ("For all.", 3)]


def a_uuid(number: int) -> UUID:
    return UUID(int=number)


def mail(house: House, receipt: str) -> list[str]:
    """What whoever has this receipt reads, as intake may ask for it."""
    import psycopg

    from core.receipts import receipt_hash

    keys = IntakeKeys.read(house.settings.keys_dir)
    with psycopg.connect(house.settings.intake_database_url or "") as connection:
        found = connection.execute(
            "SELECT for_reporter FROM mailbox(%s, 30)", [receipt_hash(keys.receipt, receipt)]
        ).fetchall()
    return [open_answer(receipt, bytes(sealed)) for (sealed,) in found if sealed]


@tried(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=some.lists(
        some.tuples(some.sampled_from(["merge", "split", "undo", "tell"]), some.integers(0, 99), some.integers(0, 99)),
        min_size=3,
        max_size=14,
    )
)
def test_every_report_is_in_exactly_one_case_whatever_is_done_in_whatever_order(
    house: House, steps: Sequence[tuple[str, int, int]]
) -> None:
    with house.owner.begin() as connection:
        connection.execute(
            text("TRUNCATE reports, report_keys, cases, case_marks, case_texts, case_links, regroupings CASCADE")
        )
    tokens = [a_token() for _ in range(3)]
    reports = [house.tell(f"{LINK}{n % 3}", token=tokens[n] if n < 3 else None) for n in range(6)]
    for act, one, other in steps:
        cases = [UUID(str(row[0])) for row in house.rows("SELECT id FROM cases ORDER BY id")]
        records = [row[0] for row in house.rows("SELECT id FROM regroupings ORDER BY id")]
        with suppress(CannotRegroup):
            if act == "merge":
                house.merge(cases[one % len(cases)], cases[other % len(cases)])
            elif act == "split":
                house.split(cases[one % len(cases)], reports[other % len(reports)], reports[one % len(reports)])
            elif act == "undo" and records:
                house.undo(records[one % len(records)])
            elif act == "tell":
                reports.append(
                    house.tell(f"{LINK}{one % 3}", f"Words {other}.", token=tokens[other % 3] if one % 2 else None)
                )
        house.check()


def test_a_worker_and_staff_at_once_lose_nothing(house: House) -> None:
    """Staff merge and part the case that reports are on their way into."""
    import threading

    first, second = house.tell(LINK), house.tell(OTHER)
    done = threading.Event()

    def regroup() -> None:
        for turn in itertools.count():
            one, other = house.case_of(first), house.case_of(second)
            with suppress(CannotRegroup, NoSuchCase):
                house.merge(one, other) if turn % 2 == 0 else house.undo(house.last())
            if done.is_set():
                return

    staff = threading.Thread(target=regroup)
    staff.start()
    for _ in range(15):
        house.tell(LINK)
        house.tell(OTHER)
    done.set()
    staff.join(30)
    with house.owner.begin() as connection:
        connection.execute(text("UPDATE reports SET next_try_at = now() WHERE state = 'received'"))
    a_drain(house.settings, house.worker)()
    house.check()
    assert house.rows("SELECT count(*) FROM reports") == [(32,)]
