"""Refusing: the case and its keys go to the rules' next choice, nobody is asked twice, and the walls hold."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text

from core.db import transaction
from core.errors import DatabaseTrouble
from core.keys import ConsoleKeys, IntakeKeys
from core.models import Agency, Case, ReportKey, Routing
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Act, CaseState, RefusalReason
from intake.submission import seal
from tests.factories import a_drain, a_filed_report, a_sealed_report, a_submission, a_token, an_agency, post
from tests.triage.analyst import acts, cases_of, hire, person_of, tell_more
from tests.triage.routing.invented import END
from triage import pipeline
from triage.cases.disposition import AlreadyClosed, MoreReports
from triage.cases.person import Person
from triage.cases.reading import NoSuchCase, OpenedCase, read_case
from triage.cases.refusing import REFUSE, CannotRefuse, refuse_case
from triage.routing.documents import publish

RULES = """
refused by it-first: it-third
rule Italy
  when country is IT
  send to it-first, it-second
rule Neighbours
  when country is EU
  send to the agency of the country
"""
CODES = ("it-first", "it-second", "it-third")


@pytest.fixture
def people(settings: Settings, owner: Engine) -> list[Person]:
    """A lead at each of three agencies in Italy; rules that name all of them."""
    with transaction(owner) as session:
        for code in CODES:
            an_agency(session, settings, code, "IT")
        publish(session, RULES + END, "Ada", ["Nobody said where"])
    return [person_of(owner, hire(owner, settings, f"Lead of {code}", "supervisor", code)) for code in CODES]


@pytest.fixture
def case(settings: Settings, people: Sequence[Person], triage_engine: Engine, owner: Engine) -> UUID:
    a_filed_report(settings, triage_engine, a_submission("Un adulto mi chiede un segreto.", country="IT"))
    [case] = cases_of(owner, "it-first")
    return case.id


def refuse(
    engine: Engine,
    settings: Settings,
    person: Person,
    case: UUID,
    reason: RefusalReason = RefusalReason.NO_CAPACITY,
    seen: int | None = None,
) -> None:
    with transaction(engine, person.agency) as session:
        refuse_case(session, ConsoleKeys.read(settings.keys_dir), person, case, reason, seen)


def opened(engine: Engine, settings: Settings, person: Person, case: UUID) -> OpenedCase:
    return read_case(engine, ConsoleKeys.read(settings.keys_dir), person, case)


def owners(owner: Engine) -> list[str]:
    with transaction(owner) as session:
        return list(session.scalars(select(Agency.code).join(Case, Case.agency_id == Agency.id)))


def holders(owner: Engine) -> set[str]:
    with transaction(owner) as session:
        return set(session.scalars(select(Agency.code).join(ReportKey, ReportKey.agency_id == Agency.id)))


def test_a_refused_case_goes_to_the_next_choice_which_reads_it_and_why(
    people: Sequence[Person], case: UUID, settings: Settings, owner: Engine, console_engine: Engine
) -> None:
    first, _, third = people
    refuse(console_engine, settings, first, case, RefusalReason.LANGUAGE)
    assert (owners(owner), holders(owner)) == (["it-third"], {"it-third"})
    read = opened(console_engine, settings, third, case)
    assert read.reports[0].words and read.reports[0].words["what"] == "Un adulto mi chiede un segreto."
    before, now = read.routings
    assert (before.refusal, before.refused_at is not None, now.refusal) == (RefusalReason.LANGUAGE, True, None)
    assert before.why and now.why
    assert (before.why.rule, now.why.rule, now.why.line) == ("Italy", "refused by it-first", 2)
    assert before.why.facts == now.why.facts
    assert now.why.facts.country == "IT"


def test_who_refused_reads_it_no_longer_and_the_audit_trail_knows(
    people: Sequence[Person], case: UUID, settings: Settings, owner: Engine, console_engine: Engine
) -> None:
    first = people[0]
    refuse(console_engine, settings, first, case)
    for act in (opened, refuse):
        with pytest.raises(NoSuchCase):
            act(console_engine, settings, first, case)
    [entry] = acts(owner, Act.CASE_REFUSED)
    assert (entry.agency_id, entry.staff_id, entry.subject) == (first.agency, first.id, case)
    with transaction(owner) as session:
        turns = session.scalars(select(Routing).order_by(Routing.turn)).all()
    assert [(turn.turn, turn.refused_by) for turn in turns] == [(0, first.id), (1, None)]
    assert turns[0].facts == turns[1].facts


def test_refused_by_all_it_is_the_hotlines_and_the_hotline_refuses_nothing(
    people: Sequence[Person], case: UUID, settings: Settings, owner: Engine, console_engine: Engine
) -> None:
    first, second, third = people
    for person, following in ((first, "it-third"), (third, "it-second"), (second, "hotline")):
        refuse(console_engine, settings, person, case)
        assert owners(owner) == [following]
        assert holders(owner) == {following}
    home = person_of(owner, hire(owner, settings, "Home", "administrator"))
    assert len(opened(console_engine, settings, home, case).routings) == 4
    for claims_to_be in (home, replace(home, at_home=False)):
        with pytest.raises(CannotRefuse):
            refuse(console_engine, settings, claims_to_be, case)
    assert owners(owner) == ["hotline"]


def test_whoever_refused_before_is_not_asked_again_by_other_rules(
    people: Sequence[Person], case: UUID, settings: Settings, owner: Engine, console_engine: Engine
) -> None:
    first, _, third = people
    refuse(console_engine, settings, first, case)
    with transaction(owner) as session:
        publish(session, "rule Back\n  send to it-first\n" + END, "Ada")
    refuse(console_engine, settings, third, case)
    assert owners(owner) == ["hotline"]


@pytest.mark.parametrize("reports", [1, 25])
def test_every_report_of_the_case_goes_with_it(
    people: Sequence[Person],
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    reports: int,
) -> None:
    keys, token = IntakeKeys.read(settings.keys_dir), a_token()
    with Wrapping(keys.report) as wrapping:
        told = [a_submission(f"part {number}", country="IT") for number in range(reports)]
        post(settings, [seal(keys, wrapping, token, each)[0] for each in told])
    a_drain(settings, triage_engine)()
    [case] = cases_of(owner, "it-first")
    refuse(console_engine, settings, people[0], case.id)
    read = opened(console_engine, settings, people[2], case.id)
    assert read.count == reports and all(report.words for report in read.reports)


def test_a_case_is_refused_only_as_it_was_read(
    people: Sequence[Person], settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    token = a_token()
    tell_more(settings, triage_engine, token, ["An adult asked me to keep a secret."])
    with owner.begin() as connection:  # so that it is not the hotline's
        connection.execute(text("UPDATE cases SET agency_id = :us"), {"us": people[0].agency})
        connection.execute(text("UPDATE routings SET agency_id = :us"), {"us": people[0].agency})
        connection.execute(text("UPDATE report_keys SET agency_id = :us, wrapped_key = ''"), {"us": people[0].agency})
        case: UUID = connection.execute(text("SELECT id FROM cases")).scalar_one()
    with pytest.raises(MoreReports):
        refuse(console_engine, settings, people[0], case, seen=2)
    with pytest.raises(CannotRefuse):  # its report does not open here: nobody else could read it either
        refuse(console_engine, settings, people[0], case, seen=1)
    assert owners(owner) == ["it-first"]


def test_a_closed_case_and_a_foreign_one_are_not_refused(
    people: Sequence[Person], case: UUID, settings: Settings, owner: Engine, console_engine: Engine
) -> None:
    for foreign in (case, uuid4()):
        with pytest.raises(NoSuchCase):
            refuse(console_engine, settings, people[1], foreign)
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET state = 'closed', disposition = 'acted_on', closed_at = now()"))
    with pytest.raises(AlreadyClosed):
        refuse(console_engine, settings, people[0], case)
    assert [(one.state, code) for one, code in zip(cases_of(owner, "it-first"), owners(owner), strict=True)] == [
        (CaseState.CLOSED, "it-first")
    ]


def test_what_comes_in_while_a_case_is_refused_is_read_by_whoever_has_it_then(
    people: Sequence[Person], settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    """The worker waits for the refusal and files what is new for the new agency, not for the old one."""
    keys, token = IntakeKeys.read(settings.keys_dir), a_token()
    with Wrapping(keys.report) as wrapping:
        first, more = (seal(keys, wrapping, token, a_submission(what, country="IT"))[0] for what in ("one", "two"))
    post(settings, [first])
    a_drain(settings, triage_engine)()
    [case] = cases_of(owner, "it-first")
    post(settings, [more])
    drained = threading.Thread(target=a_drain(settings, triage_engine))
    with transaction(console_engine, people[0].agency) as session:
        refuse_case(session, ConsoleKeys.read(settings.keys_dir), people[0], case.id, RefusalReason.CONFLICT)
        drained.start()
        drained.join(1)
        assert drained.is_alive()
    drained.join()
    read = opened(console_engine, settings, people[2], case.id)
    assert [report.words and report.words["what"] for report in read.reports] == ["one", "two"]
    assert holders(owner) == {"it-third"}


def test_that_test_sees_a_worker_that_does_not_wait(
    people: Sequence[Person],
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pipeline, "EARLIER", text(f"{pipeline.EARLIER} FOR UPDATE OF cases SKIP LOCKED"))
    with pytest.raises(AssertionError):
        test_what_comes_in_while_a_case_is_refused_is_read_by_whoever_has_it_then(
            people, settings, owner, triage_engine, console_engine
        )


def test_what_one_person_tells_in_one_batch_goes_to_one_agency(
    people: Sequence[Person], settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    """Also if the rules would send what was added elsewhere."""
    keys, token = IntakeKeys.read(settings.keys_dir), a_token()
    with Wrapping(keys.report) as wrapping:
        told = [a_submission("one", country="IT"), a_submission("two")]
        post(settings, [seal(keys, wrapping, token, each)[0] for each in told])
    a_drain(settings, triage_engine)()
    home = person_of(owner, hire(owner, settings, "Home"))
    [holder] = [person for person in (people[0], home) if person.agency_code in holders(owner)]  # whichever was first
    [case] = cases_of(owner, holder.agency_code)
    read = opened(console_engine, settings, holder, case.id)
    assert {report.words and report.words["what"] for report in read.reports} == {"one", "two"}


def test_a_refused_case_is_known_by_nothing_any_more(
    people: Sequence[Person], settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    """Else the next report that names the same would be filed for one agency in the case of another."""
    seen = a_submission("An adult asks children there for photos.", country="IT", link="https://forum.example/t/4711")
    a_filed_report(settings, triage_engine, seen)
    a_filed_report(settings, triage_engine, seen)
    [case] = cases_of(owner, "it-first")
    assert case.report_count == 2
    refuse(console_engine, settings, people[0], case.id)
    a_filed_report(settings, triage_engine, seen)
    assert [one.report_count for code in CODES for one in cases_of(owner, code)] == [1, 2]
    assert holders(owner) == {"it-first", "it-third"}
    with owner.connect() as connection:
        [[known]] = connection.execute(text("SELECT count(DISTINCT case_id) FROM case_marks"))
        [[links]] = connection.execute(text("SELECT count(*) FROM case_links"))
    assert (known, links) == (1, 0)


def test_a_report_that_joins_a_case_by_what_it_names_waits_for_its_refusal(
    people: Sequence[Person], settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    """And is then a case of its own at the agency that the rules give it to."""
    seen = a_submission("An adult asks children there for photos.", country="IT", link="https://forum.example/t/4711")
    a_filed_report(settings, triage_engine, seen)
    [case] = cases_of(owner, "it-first")
    post(settings, [a_sealed_report(settings, seen)])
    drained = threading.Thread(target=a_drain(settings, triage_engine))
    with transaction(console_engine, people[0].agency) as session:
        refuse_case(session, ConsoleKeys.read(settings.keys_dir), people[0], case.id, RefusalReason.CONFLICT)
        drained.start()
        drained.join(1)
        assert drained.is_alive()
    drained.join()
    assert [one.report_count for code in CODES for one in cases_of(owner, code)] == [1, 1]
    for person, code in ((people[0], "it-first"), (people[2], "it-third")):
        [held] = cases_of(owner, code)
        assert opened(console_engine, settings, person, held.id).reports[0].words


def call(engine: Engine, who: Person, **given: Any) -> str | None:
    """The function itself, as whoever has the console's connection could call it."""
    values: dict[str, Any] = dict.fromkeys(("document", "trouble", "queue", "notify", "floor"))
    values |= {
        "person": who.id,
        "reason": "conflict",
        "turn": 1,
        "key_of": uuid4(),
        "why": b"",
        "held": [],
        "wraps": [],
    }
    with transaction(engine, who.agency) as session:
        answer: str | None = session.scalar(REFUSE, values | given)
        return answer


def test_the_function_itself_keeps_the_walls(
    people: Sequence[Person], case: UUID, owner: Engine, console_engine: Engine
) -> None:
    first, second, third = people
    report = [row.report_id for row in _rows(owner, ReportKey)]
    good = {"refused": case, "taker": third.agency, "held": report, "wraps": [b"x"]}
    assert call(console_engine, second, **good | {"taker": second.agency}) == "not_ours"
    assert call(console_engine, first, **good | {"person": second.id}) == "not_ours"
    assert call(console_engine, first, **good | {"taker": first.agency}) == "cannot_take"
    assert call(console_engine, first, **good | {"taker": uuid4()}) == "cannot_take"
    assert call(console_engine, first, **good | {"held": [], "wraps": []}) == "more_reports"
    assert call(console_engine, first, **good | {"held": [uuid4()]}) == "more_reports"
    assert call(console_engine, first, **good | {"held": report * 2, "wraps": [b"x"] * 2}) == "more_reports"
    assert call(console_engine, first, **good | {"turn": 3}) == "more_reports"
    assert (owners(owner), holders(owner)) == (["it-first"], {"it-first"})
    with pytest.raises(DatabaseTrouble), transaction(console_engine, first.agency) as session:
        session.execute(text("UPDATE cases SET agency_id = :them"), {"them": third.agency})


def test_row_level_security_alone_shows_the_routings_of_ones_own_cases_and_refusals(
    people: Sequence[Person], case: UUID, settings: Settings, console_engine: Engine
) -> None:
    first, second, third = people
    refuse(console_engine, settings, first, case)
    seen = []
    for person in (first, second, third):
        with transaction(console_engine, person.agency) as session:
            seen.append([(row.turn, row.agency_id) for row in session.scalars(select(Routing).order_by(Routing.turn))])
    assert seen == [[(0, first.agency)], [], [(0, first.agency), (1, third.agency)]]
    with transaction(console_engine) as session:
        assert not session.scalars(select(Routing)).all()


def test_a_case_from_before_there_were_rules_can_be_refused_too(
    people: Sequence[Person], case: UUID, settings: Settings, owner: Engine, console_engine: Engine
) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM routings"))
    refuse(console_engine, settings, people[0], case)
    read = opened(console_engine, settings, people[2], case)
    assert [(turn.turn, turn.why is None, turn.refusal) for turn in read.routings] == [
        (0, True, RefusalReason.NO_CAPACITY),
        (1, False, None),
    ]


def _rows(owner: Engine, model: type[ReportKey]) -> Sequence[ReportKey]:
    with transaction(owner) as session:
        return session.scalars(select(model)).all()
