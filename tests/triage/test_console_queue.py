"""The queue page and the quarantine page as people see them."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text

from core.db import transaction
from core.models import Agency, Report
from core.settings import Settings
from core.vocabulary import Act, Danger, ReportState
from tests.factories import a_drain, a_filed_report, a_sealed_report, a_submission, an_agency, post
from tests.triage.analyst import Browser, NewBrowser, a_case, acts, cases_of, hire, person_of
from tests.triage.routing.invented import END
from tests.triage.test_cases_refusing import refuse
from triage.cases.queue import PAGE
from triage.routing.documents import publish

LINK = re.compile(r'href="/cases/([0-9a-f-]{36})"')
NEXT = re.compile(r'href="(/\?(?:queue=[\w-]+&amp;)?after=[\w-]+)"')


@pytest.fixture
def home(settings: Settings, owner: Engine) -> UUID:
    with transaction(owner) as session:
        return session.scalars(select(Agency.id).where(Agency.home)).one()


@pytest.fixture
def quarantined(settings: Settings, owner: Engine) -> UUID:
    """A report that failed five times."""
    report = a_sealed_report(settings, a_submission("An adult asked me to keep a secret.", country="KE"))
    post(settings, [report])
    with owner.begin() as connection:
        connection.execute(text("UPDATE reports SET state = 'quarantined', attempts = 5, trouble = 'CannotOpen'"))
    return report.id


def supervisor(new_browser: NewBrowser, settings: Settings, owner: Engine, agency: str | None = None) -> Browser:
    browser = new_browser()
    browser.log_in(hire(owner, settings, "Sam Okoro", "supervisor", agency))
    return browser


def test_an_empty_queue_says_so(at_work: Browser) -> None:
    assert "No case is waiting." in at_work.get("/").text


def test_a_case_is_listed_with_what_decides_who_takes_it(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    a_filed_report(settings, triage_engine, a_submission(country="KE", danger=Danger.YES, language="it"))
    page = at_work.get("/").text
    for shown in (cases_of(owner)[0].reference, "At once", "Danger now", "Kenya", "Italian", "1 case is open."):
        assert shown in page
    assert "keep a secret" not in page


def test_waiting_is_said_in_words(at_work: Browser, owner: Engine, home: UUID) -> None:
    with transaction(owner) as session:
        case = a_case(home)
        case.received_at = datetime.now(UTC) - timedelta(hours=3, minutes=5)
        session.add(case)
    assert ">3 hours</time>" in at_work.get("/").text
    italian = at_work.client.get("/", headers={"accept-language": "it"}).text
    assert ">3 ore</time>" in italian


def test_next_leads_through_all_cases_and_back_to_the_start(at_work: Browser, owner: Engine, home: UUID) -> None:
    cases = [a_case(home, minutes_after=minute) for minute in range(PAGE * 2 + 3)]
    with transaction(owner) as session:
        session.add_all(cases)
    shown, path = [], "/"
    while path:
        page = at_work.get(path).text
        assert ("Back to the start" in page) is (path != "/")
        shown += LINK.findall(page)
        path = "".join(NEXT.findall(page))
    assert shown == [str(case.id) for case in cases]


@pytest.mark.parametrize("path", ["/?after=nowhere", "/?queue=two+words", "/?queue=%00", "/?queue=" + "x" * 41])
def test_a_link_to_no_place_leads_to_the_start(at_work: Browser, path: str) -> None:
    answer = at_work.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_cases_of_one_queue_are_shown_alone_page_by_page(at_work: Browser, owner: Engine, home: UUID) -> None:
    cases = [a_case(home, minutes_after=minute) for minute in range(PAGE + 9)]
    for number, case in enumerate(cases):
        case.queue = None if number < 3 else "first" if number < 6 else "pages"
    with transaction(owner) as session:
        session.add_all(cases)
    all_cases = at_work.get("/").text
    assert "39 cases are open." in all_cases and ">first</bdi></td>" in all_cases
    assert re.findall(r'href="(/\?queue=[^"]+)"', all_cases) == ["/?queue=first", "/?queue=pages"]
    shown, path = [], "/?queue=Pages"
    while path:
        page = at_work.get(path).text
        assert "33 cases are open." in page and 'href="/?queue=pages" aria-current="page"' in page
        assert ('href="/?queue=pages">Back to the start' in page) is ("after" in path)
        shown += LINK.findall(page)
        path = "".join(NEXT.findall(page)).replace("&amp;", "&")
    assert shown == [str(case.id) for case in cases[6:]]
    assert "No case is waiting." in at_work.get("/?queue=nobody").text


def test_the_queue_that_a_rule_names_is_the_cases_until_it_is_refused(
    new_browser: NewBrowser, settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    with transaction(owner) as session:
        for code in ("it-first", "it-second"):
            an_agency(session, settings, code, "IT")
        rule = "rule {0}\n  when country is {0}\n  send to it-{1}\n  queue {2}\n"
        rules = rule.format("IT", "first", "Children") + rule.format("EU", "second", "pages")
        publish(session, rules + END, "Ada", ["Nobody said where"])
    a_filed_report(settings, triage_engine, a_submission(country="IT"))
    [case] = cases_of(owner, "it-first")
    assert case.queue == "children"
    lead = person_of(owner, hire(owner, settings, "Lead", "supervisor", "it-first"))
    refuse(console_engine, settings, lead, case.id)
    assert [case.queue for case in cases_of(owner, "it-second")] == ["pages"]
    assert "/?queue=pages" in supervisor(new_browser, settings, owner, "it-second").get("/").text


def test_no_queue_is_offered_where_rules_name_none(
    at_work: Browser, settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    a_filed_report(settings, triage_engine)
    page = at_work.get("/").text
    assert "oh-queues" not in page and page.count('<th scope="col"') == 8


def test_the_count_stops_at_a_thousand(at_work: Browser, owner: Engine, home: UUID) -> None:
    with transaction(owner) as session:
        session.add_all(a_case(home) for _ in range(1_001))
    assert "More than 1,000 cases are open." in at_work.get("/").text


def test_reports_in_quarantine_raise_an_alarm_at_home_only(
    at_work: Browser, new_browser: NewBrowser, settings: Settings, owner: Engine, quarantined: UUID
) -> None:
    assert "1 report could not become a case" in at_work.get("/").text
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
    elsewhere = supervisor(new_browser, settings, owner, "example-it")
    assert "/quarantine" not in elsewhere.get("/").text
    assert elsewhere.get("/quarantine").status_code == 404
    answer = elsewhere.post(f"/quarantine/{quarantined}/release", {"token": elsewhere.token()})
    assert answer.status_code == 404
    assert acts(owner, Act.QUARANTINE_RELEASED) == []


def test_the_quarantine_tells_what_may_be_known_and_no_word_of_the_report(at_work: Browser, quarantined: UUID) -> None:
    page = at_work.get("/quarantine").text
    for shown in (str(quarantined), "Kenya", "CannotOpen", ">5<"):
        assert shown in page
    assert "keep a secret" not in page


def test_an_analyst_sees_the_quarantine_and_cannot_release(at_work: Browser, quarantined: UUID, owner: Engine) -> None:
    assert "Try again" not in at_work.get("/quarantine").text
    answer = at_work.post(f"/quarantine/{quarantined}/release", {"token": at_work.token()})
    assert answer.status_code == 403
    assert acts(owner, Act.QUARANTINE_RELEASED) == []


def test_a_supervisor_has_a_report_tried_again_and_it_becomes_a_case(
    new_browser: NewBrowser, settings: Settings, owner: Engine, triage_engine: Engine, quarantined: UUID
) -> None:
    browser = supervisor(new_browser, settings, owner)
    assert "Try again" in browser.get("/quarantine").text
    answer = browser.post(f"/quarantine/{quarantined}/release", {"token": browser.token("/quarantine")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/quarantine")
    with transaction(owner) as session:
        found = session.execute(select(Report.state, Report.attempts).where(Report.id == quarantined)).one()
        assert tuple(found) == (ReportState.RECEIVED, 0)
    assert [entry.subject for entry in acts(owner, Act.QUARANTINE_RELEASED)] == [quarantined]
    assert "No report is in quarantine." in browser.get("/quarantine").text
    a_drain(settings, triage_engine)()
    assert len(cases_of(owner)) == 1


def test_only_what_is_in_quarantine_is_released(
    new_browser: NewBrowser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    filed = a_filed_report(settings, triage_engine)
    waiting = a_sealed_report(settings)
    post(settings, [waiting])
    browser = supervisor(new_browser, settings, owner)
    for report in (filed.id, waiting.id, uuid4()):
        answer = browser.post(f"/quarantine/{report}/release", {"token": browser.token()})
        assert answer.status_code == 404
    assert acts(owner, Act.QUARANTINE_RELEASED) == []
