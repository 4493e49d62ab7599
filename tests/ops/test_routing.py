"""`hotline routing`, as an operator uses it: files in, sentences or JSON out, exit codes that scripts can trust."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from core.db import transaction
from core.settings import Settings
from ops.cli import hotline
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.routing.invented import END

GOLDEN = "example Nobody said where\n  channel is site\n  goes to the hotline\n"
RULES = "rule Italy\n  when country is IT, FR\n  send to example-it\n" + END + GOLDEN
Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, owner: Engine) -> Run:
    """The command line beside this run's deployment; a text among the arguments that has lines becomes a file."""
    for name in ("var", "database_url", "redis_url"):
        monkeypatch.setenv(f"HOTLINE_{name.upper()}", getattr(settings, name))
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")

    def invoke(*arguments: str) -> Result:
        given = []
        for argument in arguments:
            if "\n" in argument:
                (tmp_path / "some.rules").write_text(argument)
            given.append(str(tmp_path / "some.rules") if "\n" in argument else argument)
        return CliRunner().invoke(hotline, ["routing", *given])

    return invoke


def test_check_says_what_is_wrong_and_where(run: Run) -> None:
    right = run("check", RULES)
    assert (right.exit_code, right.output) == (0, "some.rules: nothing is wrong with these rules.\n")
    wrong = run("check", RULES.replace("IT, FR", "IT, Frnce"))
    assert (wrong.exit_code, wrong.output) == (
        1,
        "some.rules, line 2: 'Frnce' is no country. Did you mean FR (France)?\n",
    )
    told = json.loads(run("check", "--json", RULES.replace("example-it", "exampl-it")).output)
    assert told == {
        "valid": False,
        "problems": [
            {
                "line": 3,
                "problem": "The directory has no agency 'exampl-it'.",
                "fix": "Did you mean example-it?",
            }
        ],
    }


def test_a_file_that_is_none_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    answer = run("check", str(tmp_path / "nothing.rules"))
    assert answer.exit_code == 1
    assert "cannot be read as text in UTF-8" in str(answer.exception)


def test_a_dry_run_says_where_a_report_would_go_and_why(run: Run) -> None:
    assert run("try", "country is IT").output == "example-it, by 'The country that the reporter named' (line 4)\n"
    tried = json.loads(run("try", "--json", "--file", RULES, "country is FR", "hosting country is US").output)
    assert (tried["agency"], tried["rule"], tried["line"]) == ("example-it", "Italy", 1)
    assert {"agency": None, "country": "US", "ground": "hosting"} in tried["others"]
    wrong = run("try", "county is FR")
    assert wrong.exit_code == 1
    assert "line 1: Reports have no 'county'. Did you mean country?" in str(wrong.exception)


def test_a_back_test_counts_lists_and_changes_nothing(
    run: Run, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    for country in ("FR", "IT", "FR", None):
        a_filed_report(settings, triage_engine, a_submission(country=country))
    told = json.loads(run("backtest", RULES, "--json").output)
    assert (told["reports"], told["moved"], told["without_facts"]) == (4, 2, 0)
    [move] = told["moves"]
    assert (move["from"], move["to"], move["rule"], move["reports"]) == ("hotline", "example-it", "Italy", 2)
    said = run("backtest", RULES, "--cases").output
    assert said.startswith("Of the last 4 reports 2 would move.\n       2  from hotline to example-it\n")
    assert all(reference in said for reference in move["cases"]) and len(move["cases"]) == 2
    assert json.loads(run("backtest", RULES, "--last", "1", "--json").output)["moved"] == 0
    assert [one["state"] for one in json.loads(run("show", "--json").output)["versions"]] == ["live"]


def test_rules_go_from_shadow_to_live_and_show_what_they_change(
    run: Run, settings: Settings, triage_engine: Engine
) -> None:
    assert run("shadow", RULES, "--author", "Ada").output == "Version 2 is in the shadow.\n"
    a_filed_report(settings, triage_engine, a_submission(country="FR"))
    shown = json.loads(run("show", "--json").output)
    assert shown["shadow"] == {
        "compared": 1,
        "elsewhere": 1,
        "moves": [{"from": "hotline", "to": "example-it", "cases": 1}],
    }
    assert "The shadow was asked for 1 cases; 1 would have gone elsewhere." in run("show").output
    assert run("publish", RULES, "--author", "Ada").output == "Version 2 is live.\n"
    assert [one["state"] for one in json.loads(run("show", "--json").output)["versions"]] == ["live", "retired"]
    assert run("show", "2").output == RULES
    assert run("show", "7").exit_code == 1


def test_a_shadow_ends(run: Run) -> None:
    run("shadow", RULES)
    assert run("shadow", "--end").output == "Nothing is in the shadow now.\n"
    assert json.loads(run("show", "--json").output)["versions"][0]["state"] == "draft"
    assert run("shadow").exit_code == run("shadow", RULES, "--end").exit_code == 2


def test_a_golden_example_that_moves_stops_publishing_until_it_is_accepted(run: Run) -> None:
    moving = RULES.replace("when country is IT, FR", "when country is IT, FR, unknown")
    told = "line 6: The example 'Nobody said where' must reach hotline and goes to example-it: by 'Italy', line 1."
    judged = run("golden", moving)
    assert (judged.exit_code, judged.output) == (1, told + "\n")
    refused = run("publish", moving)
    assert refused.exit_code == 1
    assert told in str(refused.exception)
    assert 'publish with --accept "Nobody said where"' in str(refused.exception)
    assert run("publish", moving, "--accept", "Nobody said where").exit_code == 0
    assert run("golden").exit_code == 1
    assert json.loads(run("golden", "--json").output)[0]["goes_to"] == "example-it"
