"""Versions: drafts, the shadow, publishing at one instant, the golden set; and what workers make of them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from core.db import transaction
from core.keys import ConsoleKeys
from core.models import AuditEntry, Routing, RoutingDocument
from core.settings import Settings
from core.vocabulary import Act, By, Danger, RoutingTrouble, RulesState
from ops.on_call import add
from tests.factories import a_drain, a_filed_report, a_sealed_report, a_submission, an_agency, post
from tests.triage.analyst import acts, cases_of
from tests.triage.routing.invented import END
from triage.routing import documents, matcher, routes
from triage.routing.documents import DEFAULT, GoldenMoved, WrongRules, publish, read_live, save_draft, shadow
from triage.routing.facts import Facts
from triage.routing.routes import read_routes
from triage.routing.shadowing import compare

TO_ITALY = "rule All\n  send to example-it\n  queue first\n  notify on-call, lead\n"
GOLDEN = "example Nobody said where\n  channel is site\n  goes to the hotline\n"
RULES = "rule Italy\n  when country is IT\n  send to example-it\n" + END + GOLDEN


@pytest.fixture(autouse=True)
def italy(settings: Settings, owner: Engine) -> None:
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
        courier = ConsoleKeys.read(settings.keys_dir).courier
        add(session, courier, "Lia", By.EMAIL, "lia@staff.example", agency="example-it", team="lead")


def states(owner: Engine) -> list[tuple[int, str]]:
    with transaction(owner) as session:
        found = session.execute(
            select(RoutingDocument.version, RoutingDocument.state).order_by(RoutingDocument.version)
        )
        return [(version, state.value) for version, state in found]


def published(owner: Engine, rules: str, *accepted: str) -> int:
    with transaction(owner) as session:
        return publish(session, rules, "Ada Example", accepted).version


def test_a_new_deployment_has_the_default_rules_live(owner: Engine) -> None:
    with transaction(owner) as session:
        live = read_live(session)
    assert live and (live.version, live.text, live.author) == (1, DEFAULT.read_text(), "OpenHotline")


def test_publishing_retires_what_was_live_and_is_in_the_audit_trail(owner: Engine) -> None:
    with transaction(owner) as session:
        session.execute(text("TRUNCATE audit_entries"))
    assert published(owner, RULES) == 2
    assert states(owner) == [(1, "retired"), (2, "live")]
    with transaction(owner) as session:
        live = read_live(session)
        assert live and live.published_at and live.author == "Ada Example"
        assert [
            entry.subject
            for entry in session.scalars(select(AuditEntry).where(AuditEntry.act == Act.ROUTING_PUBLISHED))
        ] == [live.id]
    assert len(acts(owner, Act.ROUTING_RETIRED)) == 1


def test_rules_that_are_wrong_are_neither_saved_nor_published(owner: Engine) -> None:
    for act in (save_draft, shadow, publish):
        with pytest.raises(WrongRules) as refusal, transaction(owner) as session:
            act(session, "rule A\n  send to exampel-it\n" + END, "Ada")
        assert str(refusal.value) == "line 2: The directory has no agency 'exampel-it'. Did you mean example-it?"
    assert states(owner) == [(1, "live")]


def test_a_team_that_has_nobody_in_it_is_told_as_wrong_and_those_on_call_never_are(owner: Engine) -> None:
    rules = TO_ITALY.replace("on-call, lead", "on-call,\n    leed") + END
    for act in (save_draft, shadow, publish):
        with pytest.raises(WrongRules) as refusal, transaction(owner) as session:
            act(session, rules, "Ada")
        assert str(refusal.value) == "line 5: Nobody is in the team 'leed'. Did you mean lead?"
    with transaction(owner) as session:
        publish(session, rules.replace("leed", "Lead"), "Ada", ["Nobody said where"])
        session.execute(text("DELETE FROM on_call"))
        documents.usable(session, rules.replace("leed", "lead"))


def test_the_same_draft_saved_again_is_one_version(owner: Engine) -> None:
    for _ in range(2):
        with transaction(owner) as session:
            save_draft(session, RULES, "Ada")
    assert published(owner, RULES) == 2
    assert published(owner, RULES) == 3
    assert states(owner) == [(1, "retired"), (2, "retired"), (3, "live")]


def test_one_document_is_live_at_any_instant_while_many_publish(owner: Engine) -> None:
    seen: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            with transaction(owner) as session:
                seen.append(
                    len(
                        session.scalars(
                            select(RoutingDocument.id).where(RoutingDocument.state == RulesState.LIVE)
                        ).all()
                    )
                )

    watching = threading.Thread(target=look)
    watching.start()
    with ThreadPoolExecutor(4) as people:
        versions = list(people.map(lambda n: published(owner, RULES.replace("Italy", f"Italy {n}")), range(12)))
    over.set()
    watching.join()
    assert set(seen) == {1}
    assert sorted(versions) == list(range(2, 14))
    assert [state for _, state in states(owner)].count("live") == 1


def test_the_database_itself_takes_no_second_live_document(owner: Engine) -> None:
    published(owner, RULES)
    with pytest.raises(Exception, match="uq_routing_documents_live"), transaction(owner) as session:
        session.execute(text("UPDATE routing_documents SET state = 'live'"))


ALL_TO_ITALY = RULES.replace(END, "rule All\n  send to example-it\n" + END)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (ALL_TO_ITALY, "must reach hotline and goes to example-it: by 'All', line 4"),
        (RULES.replace(GOLDEN, ""), "must reach hotline and goes to nowhere: it is left out"),
        (ALL_TO_ITALY.replace("goes to the hotline", "goes to example-it"), "it says another agency now"),
        (RULES.replace("channel is site", "country is FR"), "it says other facts now"),
    ],
)
def test_publishing_is_refused_while_an_example_moves_until_that_is_accepted_by_name(
    owner: Engine, rules: str, told: str
) -> None:
    for accepted in ((), ("Another",)):
        with pytest.raises(GoldenMoved) as refusal:
            published(owner, rules, *accepted)
        assert told in str(refusal.value)
        assert '--accept "Nobody said where"' in str(refusal.value)
    assert states(owner) == [(1, "live")]
    assert published(owner, rules, "Nobody said where") == 2


def test_the_rules_that_decided_are_stored_with_the_case(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    published(owner, TO_ITALY + "  priority at least 2\n" + END, "Nobody said where")
    a_filed_report(settings, triage_engine, a_submission(country="FR", danger=Danger.NO))
    [case] = cases_of(owner, "example-it")
    assert case.priority == 2
    with transaction(owner) as session:
        live = read_live(session)
        [routing] = session.scalars(select(Routing))
    assert live and routing.document_id == live.id
    assert (routing.case_id, routing.agency_id, routing.turn) == (case.id, case.agency_id, 0)
    assert (routing.queue, routing.notify, routing.trouble) == ("first", "on-call,lead", None)


def test_a_floor_does_not_lift_a_flood(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    published(owner, TO_ITALY + "  priority at least 1\n" + END, "Nobody said where")
    post(settings, [a_sealed_report(settings)])
    with owner.begin() as connection:
        connection.execute(text("UPDATE reports SET crowded = true"))
    a_drain(settings, triage_engine)()
    assert [case.priority for case in cases_of(owner, "example-it")] == [4]


def test_workers_see_what_is_published_with_their_next_batch(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    drain = a_drain(settings, triage_engine)
    for rules, agency in ((TO_ITALY + END, "example-it"), (END, "hotline")):
        published(owner, rules, "Nobody said where")
        post(settings, [a_sealed_report(settings)])
        drain()
        assert len(cases_of(owner, agency)) == 1


def test_a_shadow_is_asked_and_changes_nothing(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    with transaction(owner) as session:
        shadow(session, "rule Danger\n  when danger is yes\n  send to example-it\n" + END, "Ada")
    for danger in (Danger.YES, Danger.NO, Danger.YES):
        a_filed_report(settings, triage_engine, a_submission(danger=danger))
    assert len(cases_of(owner)) == 3 and not cases_of(owner, "example-it")
    with transaction(owner) as session:
        told = compare(session)
        assert (told.cases, dict(told.moves)) == (3, {("hotline", "example-it"): 2})
        documents.end_shadow(session)
    with transaction(owner) as session:
        assert compare(session).cases == 0
    a_filed_report(settings, triage_engine)
    assert states(owner) == [(1, "live"), (2, "draft")]
    assert len(acts(owner, Act.ROUTING_SHADOWED)) == 1


def test_a_shadow_that_fails_changes_nothing(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    with transaction(owner) as session:
        shadow(session, TO_ITALY + END, "Ada")
        session.execute(text("UPDATE routing_documents SET text = 'no rules' WHERE state = 'shadow'"))
    a_filed_report(settings, triage_engine)
    assert len(cases_of(owner)) == 1


def _nothing_live(session: Session) -> None:
    session.execute(text("UPDATE routing_documents SET state = 'retired'"))


def _unreadable(session: Session) -> None:
    publish(session, RULES, "Ada")
    session.flush()
    session.execute(text("UPDATE routing_documents SET text = 'rule' WHERE state = 'live'"))


def _agency_gone(session: Session) -> None:
    publish(session, TO_ITALY + END, "Ada", ["Nobody said where"])
    session.flush()
    session.execute(text("UPDATE agencies SET public_key = NULL WHERE code = 'example-it'"))


@pytest.mark.parametrize(
    ("break_it", "trouble"),
    [
        (_nothing_live, RoutingTrouble.NO_RULES),
        (_unreadable, RoutingTrouble.UNREADABLE),
        (_agency_gone, RoutingTrouble.NO_SUCH_AGENCY),
    ],
)
def test_rules_that_cannot_be_followed_lose_no_report(
    settings: Settings, owner: Engine, triage_engine: Engine, break_it: Callable[[Session], None], trouble: str
) -> None:
    with transaction(owner) as session:
        break_it(session)
    a_filed_report(settings, triage_engine, a_submission(country="IT"))
    assert len(cases_of(owner)) == 1
    with transaction(owner) as session:
        assert list(session.scalars(select(Routing.trouble))) == [trouble]
        assert compare(session).trouble == {trouble: 1}


def test_a_rule_that_fails_while_it_runs_loses_no_report(
    settings: Settings, owner: Engine, triage_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise ZeroDivisionError

    published(owner, RULES)
    monkeypatch.setattr(matcher.Matcher, "decide", fails)
    a_filed_report(settings, triage_engine, a_submission(country="IT"))
    assert len(cases_of(owner)) == 1
    with transaction(owner) as session:
        assert list(session.scalars(select(Routing.trouble))) == [RoutingTrouble.FAILED]


def test_what_was_decided_once_is_remembered_and_the_memory_has_an_end(
    owner: Engine, triage_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "KNOWN_AT_ONCE", 3)
    published(owner, RULES)
    with transaction(triage_engine) as session:
        found = read_routes(session)
    assert found.live
    for country in ("IT", "FR", "IT", "DE", "ES", "IT", "PT"):
        agency = "example-it" if country == "IT" else "hotline"
        assert found.decide(Facts(country=country)).decision.agency == agency
        assert len(found.live.known) <= 3


def test_agencies_that_are_connected_later_are_known_at_once(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    a_filed_report(settings, triage_engine, a_submission(country="DE"))
    with transaction(owner) as session:
        an_agency(session, settings, "example-de", "DE")
    a_filed_report(settings, triage_engine, a_submission(country="DE"))
    assert [len(cases_of(owner, code)) for code in ("hotline", "example-de")] == [1, 1]


def test_no_process_may_change_the_rules(triage_engine: Engine, console_engine: Engine) -> None:
    for engine in (triage_engine, console_engine):
        for statement in ("UPDATE routing_documents SET text = ''", "DELETE FROM routing_documents"):
            with pytest.raises(Exception, match="42501"), transaction(engine) as session:
                session.execute(text(statement))
