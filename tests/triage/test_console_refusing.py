"""The case page says why the case is here, and whoever leads an agency may refuse it there."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.details import Details
from core.settings import Settings
from core.vocabulary import Act, Age, Danger, Risk
from intake.submission import Submission
from ops.agencies import import_agencies
from tests.factories import a_filed_report, an_agency
from tests.triage.analyst import Browser, NewBrowser, acts, cases_of, hire, token_in
from tests.triage.routing.invented import END
from triage.routing.documents import publish

RULES = """
rule Children in Italy & Malta
  when country is IT, MT
  and age is under_13
  send to example-it
  refer to example-fr
  queue first
"""


@pytest.fixture
def case(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    """A case of an agency in Italy."""
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
        row = {
            "code": "example-fr",
            "name": "Example for <France>",
            "kind": "police",
            "country": "FR",
            "source": "a test",
        }
        import_agencies(session, [row])
        publish(session, RULES + END, "Ada", ["Nobody said where"])
    details = Details(age=Age.UNDER_13, risks=(Risk.THREAT,))
    a_filed_report(settings, triage_engine, Submission("it", "IT", Danger.NO, "Un segreto.", "", "", details=details))
    return cases_of(owner, "example-it")[0].id


def somebody(new_browser: NewBrowser, owner: Engine, settings: Settings, role: str, agency: str | None) -> Browser:
    browser = new_browser()
    browser.log_in(hire(owner, settings, f"Some {role}", role, agency))
    return browser


@pytest.fixture
def lead(new_browser: NewBrowser, owner: Engine, settings: Settings, case: UUID) -> Browser:
    return somebody(new_browser, owner, settings, "supervisor", "example-it")


def refuse(browser: Browser, case: UUID, reason: str, seen: str = "1") -> tuple[int, str]:
    token = token_in(browser.get(f"/cases/{case}").text)
    answer = browser.post(f"/cases/{case}/refuse", {"token": token, "refusal": reason, "seen": seen})
    return answer.status_code, answer.text


def test_the_page_says_by_which_rule_it_came_and_what_the_rule_looked_at(lead: Browser, case: UUID) -> None:
    page = lead.get(f"/cases/{case}").text.partition('id="why"')[2]
    assert "The rule “Children in Italy &amp; Malta” decided: version 2, line 2." in page
    for fact in ("Italy", "Under 13", "Threatens, or wants money", "Italian", "first", "Why here?"):
        assert fact in page
    assert "Example for &lt;France&gt;</bdi> (France): the rules say so" in page


def test_a_case_that_no_rule_claimed_says_so(
    settings: Settings, owner: Engine, triage_engine: Engine, at_work: Browser
) -> None:
    a_filed_report(settings, triage_engine, Submission("en", "FR", Danger.NO, "A secret.", "", ""))
    page = at_work.get(f"/cases/{cases_of(owner)[0].id}").text
    assert "No rule held, so the last line decided: version 1" in page
    assert "no known agency</bdi> (France): the reporter named this country" in page
    assert "Refuse this case" not in page, "the hotline itself cannot"


def test_an_alarm_is_shown_where_rules_could_not_be_followed(
    settings: Settings, owner: Engine, triage_engine: Engine, at_work: Browser
) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE routing_documents SET state = 'retired'"))
    a_filed_report(settings, triage_engine)
    page = at_work.get(f"/cases/{cases_of(owner)[0].id}").text
    assert "No routing rules were in force when it came." in page


def test_a_case_from_before_there_were_rules_says_so(lead: Browser, case: UUID, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM routings"))
    assert "This case is from before there were rules." in lead.get(f"/cases/{case}").text


def test_a_lead_refuses_and_the_next_agency_reads_why(
    lead: Browser, case: UUID, new_browser: NewBrowser, owner: Engine, settings: Settings
) -> None:
    assert refuse(lead, case, "other_kind")[0] == 303
    assert lead.get(f"/cases/{case}").status_code == 404
    assert "No case is waiting." in lead.get("/").text
    page = somebody(new_browser, owner, settings, "analyst", None).get(f"/cases/{case}").text
    assert "Un segreto." in page
    assert "We do not take this kind of case" in page
    assert len(acts(owner, Act.CASE_REFUSED)) == 1


def test_who_does_not_lead_neither_sees_the_form_nor_may_send_it(
    case: UUID, new_browser: NewBrowser, owner: Engine, settings: Settings
) -> None:
    analyst = somebody(new_browser, owner, settings, "analyst", "example-it")
    assert "Refuse this case" not in analyst.get(f"/cases/{case}").text
    assert refuse(analyst, case, "other_kind")[0] == 403
    assert len(cases_of(owner, "example-it")) == 1


@pytest.mark.parametrize(
    ("reason", "seen", "status", "told"),
    [
        ("", "1", 422, "Choose why your agency does not take this case."),
        ("because", "1", 422, "Choose why your agency does not take this case."),
        ("language", "3", 409, "A new report came in while you were reading."),
    ],
)
def test_a_refusal_that_cannot_be_comes_back_with_what_to_do(
    lead: Browser, case: UUID, owner: Engine, reason: str, seen: str, status: int, told: str
) -> None:
    answer = refuse(lead, case, reason, seen)
    assert answer[0] == status
    assert told in answer[1]
    assert len(cases_of(owner, "example-it")) == 1
    assert acts(owner, Act.CASE_REFUSED) == []


def test_a_case_whose_report_does_not_open_stays(lead: Browser, case: UUID, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE report_keys SET wrapped_key = ''"))
    answer = refuse(lead, case, "language")
    assert answer[0] == 409
    assert "This case cannot be refused. It stays with your agency." in answer[1]
    assert "Why it came here was not kept, or does not open." in answer[1]


def test_an_agency_cannot_refuse_a_case_of_another(
    case: UUID, new_browser: NewBrowser, owner: Engine, settings: Settings
) -> None:
    stranger = somebody(new_browser, owner, settings, "administrator", None)
    token = stranger.token()
    answer = stranger.post(f"/cases/{case}/refuse", {"token": token, "refusal": "language", "seen": "1"})
    assert answer.status_code == 404
