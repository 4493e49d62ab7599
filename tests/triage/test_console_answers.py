"""Answering a reporter on the case page."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.settings import Settings
from core.vocabulary import Act
from tests.factories import a_filed_report, an_agency
from tests.triage.analyst import Browser, NewBrowser, acts, cases_of, hire, token_in
from triage.cases.answering import ANSWER_LIMIT

ONCE = re.compile(r'name="answer_id" value="([0-9a-f-]{36})"')


@pytest.fixture
def case(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    a_filed_report(settings, triage_engine)
    return cases_of(owner)[0].id


def write(browser: Browser, case: UUID, words: str, **changed: str) -> tuple[int, str]:
    """Open the case, write, send; the status and the page that follows."""
    page = browser.get(f"/cases/{case}").text
    fields = {"token": token_in(page), "answer_id": ONCE.findall(page)[0], "answer": words} | changed
    answer = browser.post(f"/cases/{case}/answer", fields)
    return answer.status_code, answer.text if answer.status_code != 303 else browser.get(f"/cases/{case}").text


def stored(owner: Engine) -> int:
    with owner.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM answers")).scalar_one()


def test_an_answer_is_kept_with_the_case_and_in_the_audit_trail(at_work: Browser, owner: Engine, case: UUID) -> None:
    status, page = write(at_work, case, "Which <game> was it?\nYou are not in trouble.")
    assert status == 303
    assert "Which &lt;game&gt; was it?\nYou are not in trouble." in page
    [entry] = acts(owner, Act.ANSWER_SENT)
    assert entry.subject == case


def test_pressing_twice_sends_once(at_work: Browser, owner: Engine, case: UUID) -> None:
    page = at_work.get(f"/cases/{case}").text
    fields = {"token": token_in(page), "answer_id": ONCE.findall(page)[0], "answer": "Once."}
    assert [at_work.post(f"/cases/{case}/answer", fields).status_code for _ in range(2)] == [303, 303]
    assert stored(owner) == len(acts(owner, Act.ANSWER_SENT)) == 1


@pytest.mark.parametrize("words", ["", "  \n ", "x" * (ANSWER_LIMIT + 1)])
def test_an_answer_that_cannot_be_sent_stays_on_the_page(
    at_work: Browser, owner: Engine, case: UUID, words: str
) -> None:
    status, page = write(at_work, case, words)
    assert status == 422
    assert 'href="#answer"' in page
    assert words.strip() in page
    assert stored(owner) == 0


def test_an_answer_without_its_number_is_refused(at_work: Browser, owner: Engine, case: UUID) -> None:
    assert write(at_work, case, "Words", answer_id="1")[0] == 400
    assert stored(owner) == 0


def test_what_was_written_while_the_session_ended_is_given_back(at_work: Browser, case: UUID) -> None:
    token = at_work.token(f"/cases/{case}")
    at_work.client.cookies.clear()
    answer = at_work.post(f"/cases/{case}/answer", {"token": token, "answer": "Not lost."})
    assert answer.status_code == 403
    assert "Not lost." in answer.text


def test_another_agencys_case_takes_no_answer(
    new_browser: NewBrowser, settings: Settings, owner: Engine, case: UUID
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings)
    other = new_browser()
    assert other.log_in(hire(owner, settings, "Bea Rossi", agency="example-it")).status_code == 303
    fields = {"token": other.token("/"), "answer_id": str(uuid4()), "answer": "Words"}
    assert other.post(f"/cases/{case}/answer", fields).status_code == 404
    assert stored(owner) == 0
