"""The case page of a bundle: taking reports out, merging, undoing, and whom an answer goes to. No scripts needed."""

import re
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.settings import Settings
from core.vocabulary import Act
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.analyst import Browser, NewBrowser, acts, cases_of, hire, person_of, token_in
from tests.triage.outbound.sending import an_agency_that_receives, refer_case
from tests.triage.test_cases_refusing import refuse

TICKS = re.compile(r'type="checkbox" form="split-form" id="take-\d+" name="(take-\d+)" value="([0-9a-f-]{36})"')
ONCE = re.compile(r'name="answer_id" value="([0-9a-f-]{36})"')
RECORD = re.compile(r'name="record" value="([0-9a-f-]{36})"')
LINK, OTHER = "https://forum.example/t/1", "https://forum.example/t/2"
WHY = "Two <b>different</b> people."


@pytest.fixture
def cases(settings: Settings, owner: Engine, triage_engine: Engine) -> tuple[UUID, UUID]:
    """One of three reports, one of a single report."""
    for _ in range(3):
        a_filed_report(settings, triage_engine, a_submission("Look.", link=LINK))
    a_filed_report(settings, triage_engine, a_submission("See.", link=OTHER))
    bundle, single = sorted(cases_of(owner), key=lambda case: -case.report_count)
    return bundle.id, single.id


def send(browser: Browser, case: UUID, act: str, **fields: str) -> tuple[int, str]:
    """The status, and where it leads or the page that says what is wrong."""
    page = browser.get(f"/cases/{case}").text
    answer = browser.post(f"/cases/{case}/{act}", {"token": token_in(page)} | fields)
    return answer.status_code, answer.headers.get("location") or answer.text


def ticks(browser: Browser, case: UUID) -> dict[str, str]:
    return dict(TICKS.findall(browser.get(f"/cases/{case}").text))


def test_reports_are_ticked_taken_out_and_put_back(at_work: Browser, owner: Engine, cases: tuple[UUID, UUID]) -> None:
    bundle, _ = cases
    ticked = ticks(at_work, bundle)
    assert len(ticked) == 3
    status, fresh = send(at_work, bundle, "split", split_why=WHY, **{"take-1": ticked["take-1"]})
    assert status == 303
    page = at_work.get(fresh).text
    assert "Two &lt;b&gt;different&lt;/b&gt; people." in page and "Taken out" in page
    assert not TICKS.findall(page)
    record = RECORD.findall(page)[0]
    status, _ = send(at_work, UUID(fresh.rpartition("/")[2]), "undo", record=record, undo_why="They are one.")
    assert (status, len(ticks(at_work, bundle))) == (303, 3)
    assert len(acts(owner, Act.REPORTS_SPLIT)) == len(acts(owner, Act.REGROUPING_UNDONE)) == 2


def test_a_case_is_merged_by_the_reference_of_another(
    at_work: Browser, owner: Engine, cases: tuple[UUID, UUID]
) -> None:
    bundle, single = cases
    reference = next(case.reference for case in cases_of(owner) if case.id == bundle)
    status, there = send(at_work, single, "merge", into=f" {reference.lower()} ", merge_why=WHY)
    assert (status, there) == (303, f"/cases/{bundle}")
    emptied = at_work.get(f"/cases/{single}").text
    assert "This case was merged" in emptied and reference in emptied and 'name="into"' not in emptied
    assert "4" in at_work.get(there).text
    assert len(acts(owner, Act.CASES_MERGED)) == 2


@pytest.mark.parametrize(
    ("act", "fields", "status", "linked"),
    [
        ("merge", {"into": "C-0000-0000", "merge_why": "Same."}, 422, "#into"),
        ("merge", {"into": "", "merge_why": "Same."}, 422, "#into"),
        ("merge", {"into": "C-0000-0000", "merge_why": " "}, 422, "#merge_why"),
        ("merge", {"into": "C-0000-0000", "merge_why": "x" * 4001}, 422, "#merge_why"),
        ("split", {"split_why": ""}, 422, "#split_why"),
        ("split", {"split_why": "Other."}, 409, "#split"),
        ("split", {"split_why": "Other.", "take-0": "no report"}, 409, "#split"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    at_work: Browser, cases: tuple[UUID, UUID], act: str, fields: dict[str, str], status: int, linked: str
) -> None:
    answered, page = send(at_work, cases[0], act, **fields)
    assert answered == status
    assert f'href="{linked}"' in page
    assert all(words.strip() in page for name, words in fields.items() if name.endswith("_why"))
    assert page.count(f'id="{linked[1:]}"') == 1


def test_an_answer_goes_to_the_chosen_reporter_or_to_all(
    at_work: Browser, owner: Engine, cases: tuple[UUID, UUID]
) -> None:
    bundle, single = cases
    page = at_work.get(f"/cases/{bundle}").text
    chosen = re.findall(r'<option value="([0-9a-f-]{36}|everybody)"', page)
    assert len(chosen) == 4
    for to in (chosen[2], "everybody", ""):
        status, _ = send(
            at_work,
            bundle,
            "answer",
            answer_id=ONCE.findall(at_work.get(f"/cases/{bundle}").text)[0],
            answer="Words",
            to=to,
        )
        assert status == 303
    with owner.connect() as connection:
        sent = connection.execute(text("SELECT report_id, reporters FROM answers ORDER BY written_at")).all()
        assert connection.execute(text("SELECT count(*) FROM answer_copies")).scalar_one() == 2
    assert [(str(row.report_id), row.reporters) for row in sent] == [(chosen[2], 1), (chosen[0], 3), (chosen[0], 1)]
    assert "to 3 reporters" in at_work.get(f"/cases/{bundle}").text
    assert "<option" not in at_work.get(f"/cases/{single}").text
    for to in ("nobody", str(single)):
        assert send(at_work, bundle, "answer", answer_id=str(single), answer="Words", to=to)[0] in (400, 404)


def test_what_a_merged_case_was_referred_is_shown_where_its_reports_are_until_that_is_undone(
    at_work: Browser,
    settings: Settings,
    owner: Engine,
    console_engine: Engine,
    ana: NewStaff,
    cases: tuple[UUID, UUID],
) -> None:
    """Through two merges: the single one into the bundle, and that into a third."""
    bundle, single = cases
    french = an_agency_that_receives(settings, owner, "email", to="desk@agency.example").agency
    refer_case(settings, owner, console_engine, ana, french)
    reference = {case.id: case.reference for case in cases_of(owner)}
    note = f"It was sent of case {reference[single]}, which was merged into this one."
    assert "Example Agency" in referrals_on(at_work, single) and note not in referrals_on(at_work, single)
    assert "Example Agency" not in referrals_on(at_work, bundle)
    ticked = ticks(at_work, bundle)
    _, third = send(at_work, bundle, "split", split_why=WHY, **{"take-0": ticked["take-0"]})
    third_id = UUID(third.rpartition("/")[2])
    assert send(at_work, single, "merge", into=reference[bundle], merge_why=WHY)[0] == 303
    last = next(case.reference for case in cases_of(owner) if case.id == third_id)
    assert send(at_work, bundle, "merge", into=last, merge_why=WHY)[0] == 303
    for page in (bundle, third_id):
        assert note in referrals_on(at_work, page)
    record = RECORD.findall(at_work.get(third).text)[0]
    assert send(at_work, third_id, "undo", record=record, undo_why="Not the same.")[0] == 303
    assert (note in referrals_on(at_work, third_id), note in referrals_on(at_work, bundle)) == (False, True)


def referrals_on(browser: Browser, case: UUID) -> str:
    return browser.get(f"/cases/{case}").text.partition('id="referrals"')[2].partition("</section>")[0]


def test_a_case_that_was_merged_into_one_that_was_refused_says_so_on_its_page(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, new_browser: NewBrowser
) -> None:
    with transaction(owner) as session:
        an_agency(session, settings, "it-first", "IT")
    for link in (LINK, OTHER):
        a_filed_report(settings, triage_engine, a_submission("Look.", link=link, country="IT"))
    emptied, kept = cases_of(owner, "it-first")
    lead = hire(owner, settings, "Lead", "supervisor", "it-first")
    browser = new_browser()
    browser.log_in(lead)
    assert send(browser, emptied.id, "merge", into=kept.reference, merge_why=WHY)[0] == 303
    refuse(console_engine, settings, person_of(owner, lead), kept.id)
    assert browser.get(f"/cases/{kept.id}").status_code == 404
    page = browser.get(f"/cases/{emptied.id}")
    assert page.status_code == 200
    assert "This case was merged into one that another agency has now." in page.text
    assert kept.reference not in page.text and str(kept.id) not in page.text
    assert 'name="into"' not in page.text and 'name="record"' not in page.text
    home = new_browser()
    home.log_in(hire(owner, settings, "Home", "supervisor"))
    there = home.get(f"/cases/{kept.id}")
    assert (there.status_code, emptied.reference in there.text) == (200, False)
