"""The queue's order and its pages."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from core.db import transaction
from core.models import Agency, Case
from core.settings import Settings
from core.vocabulary import CaseState, Disposition
from tests.triage.analyst import NOON, a_case
from triage.cases.queue import QUEUES, Place, count_open, list_queues, read_queue, waiting


def plan_of(session: Session, query: str) -> str:
    return "\n".join(session.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF) {query}")))


@pytest.fixture
def home(settings: Settings, owner: Engine) -> UUID:
    with transaction(owner) as session:
        return session.scalars(select(Agency.id).where(Agency.home)).one()


def store(owner: Engine, *cases: Case) -> None:
    with transaction(owner) as session:
        session.add_all(cases)


def pages(engine: Engine, agency: UUID, most: int) -> Iterator[list[Case]]:
    """Page after page, each in a transaction of its own, through the links that a page carries."""
    after: Place | None = None
    while True:
        with transaction(engine, agency) as session:
            page = read_queue(session, agency, after, most)
        yield list(page.cases)
        if page.next is None:
            return
        after = Place.from_token(page.next.to_token())
        assert after == page.next


def test_the_most_urgent_come_first_and_then_the_oldest(owner: Engine, console_engine: Engine, home: UUID) -> None:
    cases = [a_case(home, priority, age) for priority in range(1, 6) for age in (-30, 0, 30)]
    store(owner, *random.sample(cases, len(cases)))
    with transaction(console_engine, home) as session:
        queue = read_queue(session, home)
    assert [case.id for case in queue.cases] == [case.id for case in cases]
    assert queue.next is None


def test_closed_cases_are_not_in_the_queue(owner: Engine, console_engine: Engine, home: UUID) -> None:
    store(owner, a_case(home), a_case(home, is_open=False))
    with transaction(console_engine, home) as session:
        assert [case.state for case in read_queue(session, home).cases] == [CaseState.OPEN]
        assert count_open(session, home) == 1


def test_paging_shows_each_case_once_while_others_come_and_go(
    owner: Engine, console_engine: Engine, home: UUID
) -> None:
    chance = random.Random(20_260_301)  # many of the same moment: only the id tells them apart
    cases = [a_case(home, chance.randint(1, 3), chance.randint(0, 5)) for _ in range(103)]
    store(owner, *cases)
    shown: list[UUID] = []
    for page in pages(console_engine, home, most=10):
        shown += [case.id for case in page]
        store(owner, *(a_case(home, chance.randint(1, 3), chance.randint(0, 5)) for _ in range(3)))
        close(owner, shown[0])
    assert len(shown) == len(set(shown))
    assert {case.id for case in cases} <= set(shown)


def close(owner: Engine, case: UUID) -> None:
    with transaction(owner) as session:
        found = session.get_one(Case, case)
        found.state, found.disposition, found.closed_at = CaseState.CLOSED, Disposition.DUPLICATE, NOON


@pytest.mark.parametrize("count", [0, 9, 10, 11, 20])
def test_the_last_page_is_known_to_be_the_last(owner: Engine, console_engine: Engine, home: UUID, count: int) -> None:
    store(owner, *(a_case(home) for _ in range(count)))
    sizes = [len(page) for page in pages(console_engine, home, most=10)]
    assert sum(sizes) == count
    assert sizes[-1] > 0 or count == 0


def test_counting_stops_where_it_says(owner: Engine, console_engine: Engine, home: UUID) -> None:
    store(owner, *(a_case(home) for _ in range(12)))
    with transaction(console_engine, home) as session:
        assert count_open(session, home, most=10) == 11
        assert count_open(session, home, most=12) == 12


@pytest.mark.parametrize(
    "at", [NOON, datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), NOON + timedelta.resolution]
)
def test_a_link_names_a_place_to_the_microsecond(at: datetime) -> None:
    place = Place(255, at, uuid4())
    assert Place.from_token(place.to_token()) == place


@pytest.mark.parametrize("token", ["", "x", "=" * 40, "\u00e9" * 34, "A" * 33, "A" * 35, "A" * 10_000])
def test_a_link_that_names_no_place_is_none(token: str) -> None:
    assert Place.from_token(token) is None


def test_a_page_is_read_from_the_index_however_long_the_queue(
    owner: Engine, console_engine: Engine, home: UUID
) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO cases (id, reference, agency_id, priority, language, danger, received_at, queue, state,
                    disposition, closed_at)
                SELECT gen_random_uuid(), 'C-' || n, :home, 1 + n % 3, 'en', 'no', now() - n * interval '1 min',
                    CASE WHEN n % 5 > 0 THEN 'queue-' || n % 5 END,
                    CASE WHEN n % 4 = 0 THEN 'closed' ELSE 'open' END,
                    CASE WHEN n % 4 = 0 THEN 'duplicate' END, CASE WHEN n % 4 = 0 THEN now() END
                FROM generate_series(1, 20000) AS n
            """),
            {"home": home},
        )
        connection.execute(text("ANALYZE cases"))
    for queue, index in ((None, "ix_cases_queue"), ("queue-2", "ix_cases_named_queue")):
        with transaction(console_engine, home) as session:
            place = read_queue(session, home, most=2_000, queue=queue).next
            query = waiting(home, place, 31, queue).compile(console_engine, compile_kwargs={"literal_binds": True})
            plan = plan_of(session, str(query))
        assert f"Index Scan using {index}" in plan
        assert "Sort" not in plan
        assert "Rows Removed" not in plan
    with transaction(console_engine, home) as session:
        assert list_queues(session, home) == [f"queue-{n}" for n in range(1, 5)]
        names = QUEUES.bindparams(agency=home, most=40).compile(console_engine, compile_kwargs={"literal_binds": True})
        plan = plan_of(session, str(names))
    assert "using ix_cases_named_queue" in plan and "Seq Scan on cases" not in plan
