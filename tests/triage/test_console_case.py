"""The case page as people see it, and closing a case on it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.settings import Settings
from core.vocabulary import Act, CaseState, Danger
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_submission, a_token, an_agency
from tests.triage.analyst import Browser, NewBrowser, acts, cases_of, hire, tell_more, token_in
from triage.cases.disposition import REASON_LIMIT

ATTACKS = (
    '<script>document.title="owned"</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</textarea></div></pre><form action=https://evil.example><button>",
    "{{ 7 * 7 }} {% raw %} %(name)s",
    '<a href="https://evil.example/">here</a> <!-- <base href=//evil.example>',
    "javascript:alert(1)",
    "\u202eevil\u202c",
)
SAFE_TAGS = {
    "a", "article", "bdi", "body", "button", "dd", "details", "div", "dl", "dt", "fieldset", "form", "h1", "h2", "h3",
    "h4", "head", "header", "html", "input", "label", "legend", "li", "link", "main", "meta", "nav", "ol", "p", "pre",
    "option", "section", "select", "span", "strong", "summary", "textarea", "time", "title", "ul",
}  # fmt: skip


class Markup(HTMLParser):
    """What a browser would make of a page: its elements and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def case(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    told = a_submission(
        "An adult asked me to keep a secret.",
        danger=Danger.YES,
        link="https://chat.example/a?b=c",
        contact="pat@mail.example",
    )
    a_filed_report(settings, triage_engine, told)
    return cases_of(owner)[0].id


@pytest.fixture
def foreign(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    """A case of another agency."""
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
    a_filed_report(settings, triage_engine, a_submission("Un adulto mi chiede un segreto.", country="IT"))
    return cases_of(owner, "example-it")[0].id


@pytest.fixture
def no_audit(owner: Engine) -> Iterator[None]:
    """The console cannot write to the audit trail."""
    with owner.begin() as connection:
        connection.execute(text("REVOKE INSERT ON audit_entries FROM hotline_console"))
    yield
    with owner.begin() as connection:
        connection.execute(text("GRANT INSERT ON audit_entries TO hotline_console"))


def test_the_page_shows_what_was_told(at_work: Browser, case: UUID, owner: Engine) -> None:
    page = Markup(at_work.get(f"/cases/{case}").text).text
    for shown in (
        "An adult asked me to keep a secret.",
        "pat@mail.example",
        "Danger now",
        cases_of(owner)[0].reference,
    ):
        assert shown in page


def test_a_link_is_shown_so_that_nothing_follows_it(at_work: Browser, case: UUID) -> None:
    page = at_work.get(f"/cases/{case}").text
    assert "hxxps[:]//chat[.]example/a?b=c" in page
    assert "https://" not in page
    hosts = [value for name, value in Markup(page).attributes if name in ("href", "src", "action")]
    assert all(value.startswith(("/", "#")) for value in hosts)


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_typed_is_text(
    attack: str, at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    a_filed_report(settings, triage_engine, a_submission(attack, link=attack, contact=attack))
    case = cases_of(owner)[0].id
    pages = [at_work.get(f"/cases/{case}").text]
    pages.append(at_work.close_case(case, "", attack).text)
    at_work.close_case(case, "duplicate", attack)
    pages.append(at_work.get(f"/cases/{case}").text)
    for page in pages:
        seen = Markup(page)
        assert seen.tags <= SAFE_TAGS
        assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "style"]
        assert attack in seen.text
        assert "evil.example" not in "".join(value for name, value in seen.attributes)


def test_a_case_of_another_agency_looks_like_one_that_never_was(at_work: Browser, foreign: UUID, owner: Engine) -> None:
    for path in ("/cases/{}", "/cases/{}?page=2"):
        theirs, nobodys = at_work.get(path.format(foreign)), at_work.get(path.format(uuid4()))
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content
        assert dict(theirs.headers) | {"date": ""} == dict(nobodys.headers) | {"date": ""}
    fields = {"token": at_work.token(), "disposition": "acted_on", "reason": "Not ours."}
    ended = [at_work.post(f"/cases/{id}/disposition", fields) for id in (foreign, uuid4())]
    assert [answer.status_code for answer in ended] == [404, 404]
    assert ended[0].content == ended[1].content
    assert cases_of(owner, "example-it")[0].state is CaseState.OPEN
    assert acts(owner, Act.CASE_READ) == []


def test_nothing_is_shown_when_the_audit_trail_cannot_be_written(
    at_work: Browser, case: UUID, no_audit: None, owner: Engine
) -> None:
    answer = at_work.get(f"/cases/{case}")
    assert answer.status_code == 500
    for kept in ("secret", "chat", "pat@mail", cases_of(owner)[0].reference):
        assert kept not in answer.text


def test_nothing_is_recorded_when_the_audit_trail_cannot_be_written(
    at_work: Browser, case: UUID, no_audit: None, owner: Engine
) -> None:
    fields = {"token": at_work.token(), "disposition": "acted_on", "reason": "They are safe."}
    assert at_work.post(f"/cases/{case}/disposition", fields).status_code == 500
    assert cases_of(owner)[0].state is CaseState.OPEN


def test_opening_the_page_is_in_the_audit_trail(at_work: Browser, case: UUID, owner: Engine) -> None:
    at_work.get(f"/cases/{case}")
    assert [entry.subject for entry in acts(owner, Act.CASE_READ)] == [case]


def test_a_report_that_does_not_open_says_so_and_what_to_do(at_work: Browser, case: UUID, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE report_keys SET wrapped_key = ''"))
    answer = at_work.get(f"/cases/{case}")
    assert answer.status_code == 200
    assert "This report does not open." in answer.text
    assert "Close this case" in answer.text


def test_reports_that_the_agency_holds_no_key_to_are_missed(at_work: Browser, case: UUID, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM report_keys"))
    answer = at_work.get(f"/cases/{case}")
    assert answer.status_code == 200
    assert "Some reports of this case are not shown" in answer.text


def test_a_case_is_closed_with_a_reason_and_leaves_the_queue(at_work: Browser, case: UUID, owner: Engine) -> None:
    answer = at_work.close_case(case, "acted_on", "  The family knows.\r\nThe police too.  ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}")
    page = at_work.get(f"/cases/{case}").text
    assert "We acted on it" in page
    assert "The family knows.\nThe police too.</div>" in page
    assert "Ana Silva" in page
    assert "Close this case" not in page
    assert "No case is waiting." in at_work.get("/").text
    assert cases_of(owner)[0].state is CaseState.CLOSED


@pytest.mark.parametrize(
    ("disposition", "reason", "problem"),
    [
        ("", "A reason.", "Choose how the case ended."),
        ("burned", "A reason.", "Choose how the case ended."),
        ("acted_on", " \n", "Write why."),
        ("acted_on", "x" * (REASON_LIMIT + 1), "4,001 characters and 4,000 fit"),
    ],
)
def test_a_form_that_is_not_complete_comes_back_as_it_was_typed(
    at_work: Browser, case: UUID, owner: Engine, disposition: str, reason: str, problem: str
) -> None:
    answer = at_work.close_case(case, disposition, reason)
    assert answer.status_code == 422
    assert problem in answer.text
    assert "<title>Error: " in answer.text
    assert f">\n{reason.strip()}" in answer.text.replace(reason, reason.strip())
    assert ('value="acted_on" checked' in answer.text) is (disposition == "acted_on")
    assert cases_of(owner)[0].state is CaseState.OPEN


def test_a_reason_may_be_as_long_as_it_says(at_work: Browser, case: UUID) -> None:
    assert at_work.close_case(case, "acted_on", "\u00e9" * REASON_LIMIT).status_code == 303


def test_a_case_that_somebody_else_closed_meanwhile_is_shown_closed_and_nothing_typed_is_lost(
    at_work: Browser, case: UUID, new_browser: NewBrowser, settings: Settings, owner: Engine
) -> None:
    token = token_in(at_work.get(f"/cases/{case}").text)
    other = new_browser()
    other.log_in(hire(owner, settings, "Sam Okoro", "supervisor"))
    other.close_case(case, "passed_on", "Sent to the police.")
    answer = at_work.post(
        f"/cases/{case}/disposition", {"token": token, "disposition": "duplicate", "reason": "My own words."}
    )
    assert answer.status_code == 409
    for shown in ("This case is closed already", "Sam Okoro", "Sent to the police.", "My own words."):
        assert shown in answer.text
    assert len(acts(owner, Act.DISPOSITION_RECORDED)) == 1


def test_pressing_the_button_twice_closes_the_case_once(at_work: Browser, case: UUID, owner: Engine) -> None:
    fields = {"token": at_work.token(f"/cases/{case}"), "disposition": "acted_on", "reason": "They are safe."}
    assert [at_work.post(f"/cases/{case}/disposition", fields).status_code for _ in range(2)] == [303, 303]
    assert len(acts(owner, Act.DISPOSITION_RECORDED)) == 1


def test_a_report_that_comes_in_while_one_reads_is_read_before_the_case_is_closed(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    token = a_token()
    tell_more(settings, triage_engine, token, ["An adult asked me to keep a secret."])
    case = cases_of(owner)[0].id
    fields = {
        "token": at_work.token(f"/cases/{case}"),
        "seen": "1",
        "disposition": "not_illegal",
        "reason": "Looks harmless.",
    }
    tell_more(settings, triage_engine, token, ["Now he wants to meet me."])
    answer = at_work.post(f"/cases/{case}/disposition", fields)
    assert answer.status_code == 409
    for shown in ("A new report came in", "Now he wants to meet me.", "Looks harmless."):
        assert shown in answer.text
    assert cases_of(owner)[0].state is CaseState.OPEN
    assert at_work.close_case(case, "acted_on", "Called.").status_code == 303


def test_the_page_is_in_the_language_the_browser_asks_for(at_work: Browser, case: UUID) -> None:
    page = at_work.client.get(f"/cases/{case}", headers={"accept-language": "ar"}).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "An adult asked me to keep a secret." in page


def test_an_administrator_and_a_supervisor_read_cases_too(
    case: UUID, new_browser: NewBrowser, settings: Settings, owner: Engine
) -> None:
    for role in ("supervisor", "administrator"):
        browser = new_browser()
        browser.log_in(hire(owner, settings, f"Some {role}", role))
        assert "keep a secret" in browser.get(f"/cases/{case}").text


def test_somebody_of_another_agency_reads_their_own_case(
    foreign: UUID, case: UUID, new_browser: NewBrowser, settings: Settings, owner: Engine, ana: NewStaff
) -> None:
    giulia = new_browser()
    giulia.log_in(hire(owner, settings, "Giulia Bianchi", agency="example-it"))
    assert "Un adulto mi chiede un segreto." in giulia.get(f"/cases/{foreign}").text
    assert giulia.get(f"/cases/{case}").status_code == 404
    assert [str(foreign) in giulia.get("/").text, str(case) in giulia.get("/").text] == [True, False]
