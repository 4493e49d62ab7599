"""The back-test counts what would move, as if every stored case were decided again by hand."""

import re
from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest
from sqlalchemy import Engine, event, select, text

from core.db import transaction
from core.details import Details
from core.errors import CannotOpen
from core.keys import IntakeKeys, TriageKeys
from core.models import Case, Report
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Age, Danger, Kind
from intake.submission import Submission, seal
from tests.factories import a_drain, a_token, an_agency, post
from tests.triage.routing.invented import END, read
from triage.routing.backtest import BackTest, back_test
from triage.routing.book import read_book
from triage.routing.documents import DEFAULT
from triage.routing.matcher import Matcher
from triage.routing.why import FactsSeal

EVERYTHING = 1_000
SEALED = re.compile(r"\b(what|link|contact|details|wrapped_key|why)\b")
OTHER = """
rule Young
  when age is under_13
  send to example-de
rule Pages
  when kind is page
  and country is IT, unknown
  send to the hotline
rule Country
  send to the agency of the country
"""


@dataclass(frozen=True)
class Told:
    """What a report says that rules look at."""

    country: str | None
    age: Age | None
    kind: Kind | None


def by_default(told: Told) -> str:
    return {"IT": "example-it", "DE": "example-de"}.get(told.country or "", "hotline")


def by_other(told: Told) -> str:
    if told.age is Age.UNDER_13:
        return "example-de"
    if told.kind is Kind.PAGE and told.country in ("IT", None):
        return "hotline"
    return by_default(told)


@pytest.fixture
def told(settings: Settings, owner: Engine, triage_engine: Engine) -> list[Told]:
    """Sixty reports filed; every third one comes with a second under its receipt, which says nothing of itself."""
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
        an_agency(session, settings, "example-de", "DE")
    chance, keys = Random(5), IntakeKeys.read(settings.keys_dir)
    said = [
        Told(chance.choice(["IT", "DE", "FR", None]), chance.choice([*Age, None]), chance.choice([*Kind, None]))
        for _ in range(60)
    ]
    for number, one in enumerate(said):
        token = a_token()
        first = Submission(
            "en", one.country, Danger.NO, "He asked.", "", "", details=Details(age=one.age, kind=one.kind)
        )
        with Wrapping(keys.report) as wrapping:
            post(settings, [seal(keys, wrapping, token, first)[0]])
            a_drain(settings, triage_engine)()
            if number % 3 == 0:
                more = Submission("en", None, Danger.NO, "He asked again.", "", "")
                post(settings, [seal(keys, wrapping, token, more)[0]])
    a_drain(settings, triage_engine)()
    return [one for number, one in enumerate(said) for _ in range(2 if number % 3 == 0 else 1)]


def run(owner: Engine, settings: Settings, last: int) -> BackTest:
    with transaction(owner) as session, FactsSeal.of(TriageKeys.read(settings.keys_dir).facts) as sealing:
        book = read_book(session)
        live, other = (Matcher(read(rules), book) for rules in (DEFAULT.read_text(), OTHER + END))
        return back_test(session, sealing, live, other, last)


def test_it_counts_what_would_move_from_whom_to_whom_and_by_which_rule(
    settings: Settings, owner: Engine, told: list[Told]
) -> None:
    found = run(owner, settings, EVERYTHING)
    wanted = Counter((by_default(one), by_other(one)) for one in told if by_default(one) != by_other(one))
    assert found.reports == len(told) == 80
    assert found.between() == wanted
    assert found.moved == wanted.total() > 10
    assert found.plain == 0
    assert found.rules["Young", 2] == sum(one.age is Age.UNDER_13 for one in told)
    assert sum(found.rules.values()) == 80
    assert {(move.rule, move.line) for move in found.moves} <= {("Young", 2), ("Pages", 5), ("Country", 9)}


def test_it_names_every_case_that_would_move_once(settings: Settings, owner: Engine, told: list[Told]) -> None:
    found = run(owner, settings, EVERYTHING)
    named = [reference for cases in found.cases.values() for reference in cases]
    assert len(set(named)) == len(named) < found.moved
    with transaction(owner) as session:
        counts = {case.reference: case.report_count for case in session.scalars(select(Case))}
    assert sum(counts[reference] for reference in named) == found.moved


def test_only_the_last_ones_count(settings: Settings, owner: Engine, told: list[Told]) -> None:
    found = run(owner, settings, 7)
    assert found.reports == 7
    with transaction(owner) as session:
        newest = select(Case.reference).join(Report, Report.case_id == Case.id).order_by(Report.id.desc()).limit(7)
        allowed = set(session.scalars(newest))
    assert {reference for cases in found.cases.values() for reference in cases} <= allowed


def test_it_opens_no_report(settings: Settings, owner: Engine, told: list[Told]) -> None:
    """Not one sealed column of a report is asked for, and the process may have no key to them."""
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(owner, "before_cursor_execute", note)
    try:
        run(owner, settings, EVERYTHING)
    finally:
        event.remove(owner, "before_cursor_execute", note)
    assert any("routings" in statement for statement in asked)
    assert not [statement for statement in asked if SEALED.search(statement)]


def test_cases_without_stored_facts_are_judged_by_what_is_plain(
    settings: Settings, owner: Engine, told: list[Told]
) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM routings"))
    found = run(owner, settings, EVERYTHING)
    assert found.plain == 80
    assert found.rules["Young", 2] == 0


def test_facts_say_nothing_without_their_key(settings: Settings, owner: Engine, told: list[Told]) -> None:
    with owner.connect() as connection:
        sealed = list(connection.execute(text("SELECT facts, why FROM routings")))
    assert len({len(row.facts) for row in sealed}) == 1, "all are of one size"
    assert not [word for word in (b"under_13", b"country", b"contact") for row in sealed if word in row.facts + row.why]
    with transaction(owner) as session, FactsSeal.of(bytes(32)) as sealing:
        book = read_book(session)
        with pytest.raises(CannotOpen):
            back_test(session, sealing, Matcher(read(END), book), Matcher(read(END), book))
