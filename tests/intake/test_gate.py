"""The gate, at the site: in a flood nobody is turned away, and whoever proves or waits is not read last."""

import json
from pathlib import Path

import httpx
import pytest

from intake import tokens
from intake.submission import CALM
from tests.intake.test_proof import solved
from tests.intake.visitor import Page, Visitor

LIMITS = {"busy_address": 3, "busy_all": 1000, "flood_address": 8, "flood_all": 1000}
AN_AGE_MS = 60_000


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    return Visitor.at_a_new_site(tmp_path, **LIMITS)


def old_form(visitor: Visitor) -> str:
    """The token of a form that was opened a minute ago."""
    young = visitor.desk.read_token(visitor.desk.new_token())
    return tokens.issue(visitor.desk.keys.form, young.issued_ms - AN_AGE_MS)


def challenge_on(page: httpx.Response) -> str:
    return next((field["data-challenge"] for field in Page(page.text).all("input", name="proof")), "")


def scripts_send(visitor: Visitor, times: int) -> list[int]:
    return [visitor.send(what="Told").status_code for _ in range(times)]


def test_while_it_is_calm_nothing_is_asked(visitor: Visitor) -> None:
    assert scripts_send(visitor, 3) == [200] * 3
    assert visitor.desk.standings == [CALM] * 3
    assert challenge_on(visitor.send(what="Told", go="end")) == ""


def test_when_it_is_busy_a_hasty_report_is_taken_and_comes_behind(visitor: Visitor) -> None:
    scripts_send(visitor, 5)
    assert [standing.crowded for standing in visitor.desk.standings] == [False] * 4 + [True]


def test_whoever_took_their_time_is_not_behind_and_solves_nothing(visitor: Visitor) -> None:
    scripts_send(visitor, 5)
    assert visitor.send(what="Told", token=old_form(visitor)).status_code == 200
    assert visitor.desk.standings[-1] == CALM


def test_a_page_carries_its_challenge_and_a_proof_of_it_counts(visitor: Visitor) -> None:
    scripts_send(visitor, 5)
    page = visitor.send(what="Told", go="end")
    proof = solved(challenge_on(page)).to_base64()
    assert visitor.goes_on(page, go="send", proof=proof).status_code == 200
    assert not visitor.desk.standings[-1].crowded and visitor.desk.standings[-1].proof
    assert visitor.send(what="Told", proof=proof).status_code == 200
    assert visitor.desk.standings[-1].crowded, "it was another form's"


def test_in_a_flood_the_page_says_how_long_to_wait_and_keeps_everything(visitor: Visitor) -> None:
    assert scripts_send(visitor, 9) == [200] * 9
    refused = visitor.send("it", what="Told", country="IT")
    page = Page(refused.text)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 20
    assert (page.typed("what"), page.typed("country"), page.carried["page"]) == ("Told", "IT", "check")
    assert len(visitor.desk.received) == 9
    assert visitor.desk.settings.phone in page.text
    assert json.loads(challenge_on(refused))["salt"]


def test_in_a_flood_whoever_waited_comes_through(visitor: Visitor) -> None:
    scripts_send(visitor, 9)
    assert visitor.send(what="Told", token=old_form(visitor)).status_code == 200
    assert visitor.desk.standings[-1] == CALM


def test_what_is_saved_on_the_way_in_a_crowd_is_saved_all_the_same(visitor: Visitor) -> None:
    scripts_send(visitor, 9)
    assert "Saved so far." in visitor.goes_on(visitor.get("/en/report"), danger="yes").text
