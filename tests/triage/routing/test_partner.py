"""Rules may ask who sent a report: where cases go, where they would have gone, and where one would go."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text

from core.db import transaction
from core.keys import TriageKeys
from core.models import Routing
from core.settings import Settings
from ops.cli import hotline
from tests.factories import (
    KnownPartner,
    a_drain,
    a_filed_report,
    a_partner,
    a_partner_report,
    a_submission,
    an_agency,
    post,
)
from tests.triage.analyst import cases_of
from tests.triage.routing.invented import END, read
from triage.routing.backtest import back_test
from triage.routing.book import read_book
from triage.routing.documents import WrongRules, publish, read_live
from triage.routing.facts import Facts
from triage.routing.matcher import Matcher
from triage.routing.why import FactsSeal

RULES = "rule Chat\n  when partner is northwind-chat\n  send to example-it\n" + END


@pytest.fixture(autouse=True)
def partner(settings: Settings, owner: Engine) -> KnownPartner:
    """Rules that ask for one of two partners."""
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
    known = a_partner(settings, owner)
    a_partner(settings, owner, "Southwind Games")
    with transaction(owner) as session:
        publish(session, RULES, "Ada", ["Nobody said where"])
    return known


def send(settings: Settings, triage_engine: Engine, partner: KnownPartner) -> None:
    post(settings, [a_partner_report(settings, partner.id, a_submission(), key=str(partner.id))])
    a_drain(settings, triage_engine)()


def test_a_partners_reports_go_where_the_rule_says_and_nobody_elses(
    settings: Settings, owner: Engine, triage_engine: Engine, partner: KnownPartner
) -> None:
    send(settings, triage_engine, partner)
    send(settings, triage_engine, a_partner(settings, owner, "Westwind"))
    a_filed_report(settings, triage_engine)
    assert [len(cases_of(owner, code)) for code in ("example-it", "hotline")] == [1, 2]


@pytest.mark.parametrize("stored", ["as it is", "without the partner", "not at all"])
def test_a_back_test_knows_the_partner_also_of_cases_from_before_it_was_a_fact(
    settings: Settings, owner: Engine, triage_engine: Engine, partner: KnownPartner, stored: str
) -> None:
    send(settings, triage_engine, partner)
    a_filed_report(settings, triage_engine)
    with transaction(owner) as session, FactsSeal.of(TriageKeys.read(settings.keys_dir).facts) as seal:
        for routing in session.scalars(select(Routing)):
            assert routing.facts
            facts = seal.open(routing.case_id, routing.facts)
            assert facts.partner in ("northwind-chat", None)
            if stored == "without the partner":
                routing.facts = seal.seal(routing.case_id, Facts(channel=facts.channel).to_text())
        if stored == "not at all":
            session.execute(text("DELETE FROM routings"))
        book, live = read_book(session), read_live(session)
        assert live
        tested = back_test(session, seal, Matcher(read(live.text), book), Matcher(read(END), book))
    assert tested.between() == {("example-it", "hotline"): 1}
    assert tested.rules["otherwise", 1] == 2


def test_a_dry_run_takes_a_partner_and_says_when_there_is_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("var", "database_url", "redis_url"):
        monkeypatch.setenv(f"HOTLINE_{name.upper()}", getattr(settings, name))
    for code, agency in (("northwind-chat", "example-it"), ("southwind-games", "hotline")):
        tried = CliRunner().invoke(hotline, ["routing", "try", "--json", f"partner is {code}"])
        assert json.loads(tried.output)["agency"] == agency
    slip = CliRunner().invoke(hotline, ["routing", "try", "country is IT", "partner is northwind", "age is adult"])
    assert (slip.exit_code, str(slip.exception)) == (
        1,
        "line 2: There is no partner 'northwind'. Did you mean northwind-chat?",
    )


def test_rules_that_name_a_partner_there_is_not_are_told_so(
    settings: Settings, owner: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rules = RULES.replace("northwind-chat", "unknown,\n    eastwind")
    with pytest.raises(WrongRules, match="line 2: There is no partner 'eastwind'"), transaction(owner) as session:
        publish(session, rules, "Ada", ["Nobody said where"])
    for name in ("var", "database_url", "redis_url"):
        monkeypatch.setenv(f"HOTLINE_{name.upper()}", getattr(settings, name))
    (tmp_path / "some.rules").write_text(rules)
    checked = CliRunner().invoke(hotline, ["routing", "check", str(tmp_path / "some.rules")])
    assert (checked.exit_code, "There is no partner 'eastwind'" in checked.output) == (1, True)
