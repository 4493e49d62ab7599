"""The journey: one question a page, in an order set by who asks, saved at each step, and nothing taken for granted."""

from collections.abc import Iterator

import httpx
import pytest

from core.vocabulary import About, Risk
from intake.site.journey.answers import FIELDS
from intake.site.journey.path import ASKS
from tests.intake.visitor import Page, Visitor

STEPS = 20
TOLD = {"what": "Told", "link": "example.com"}


@pytest.fixture(scope="module")
def the_site(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def visitor(the_site: Visitor) -> Iterator[Visitor]:
    yield the_site
    the_site.desk.forget()


def at(page: httpx.Response) -> str:
    return Page(page.text).carried["page"]


def carried(page: httpx.Response, name: str) -> str:
    return Page(page.text).typed(name)


def walk(visitor: Visitor, to: str = "check", **answers: str) -> tuple[list[str], httpx.Response]:
    """The names of the pages on the way, and the one it ends at."""
    way, page = [], visitor.get("/en/report")
    for _ in range(STEPS):
        way.append(at(page))
        if way[-1] == to:
            return way, page
        page = visitor.goes_on(page, **{name: answers[name] for name in ASKS[way[-1]] if name in answers})
        assert page.status_code == 200
    raise AssertionError(f"{to} never comes: {way}")


@pytest.mark.parametrize(
    ("about", "way"),
    [
        ("me", "age kind what risk where suspect kept"),
        ("my_child", "age kind what risk where suspect kept"),
        ("a_child", "age kind what risk where suspect kept"),
        ("seen", "where kind what"),
        ("work", "what kind age risk where suspect kept"),
        ("", "kind what risk where"),
    ],
)
def test_the_order_is_set_by_who_is_asking(visitor: Visitor, about: str, way: str) -> None:
    assert walk(visitor, about=about)[0] == ["danger", "country", "about", *way.split(), "contact", "check"]


@pytest.mark.parametrize(("danger", "shown"), [("yes", True), ("unsure", True), ("no", False), ("", False)])
def test_whoever_may_be_in_danger_sees_the_numbers_of_their_country_first(
    visitor: Visitor, danger: str, shown: bool
) -> None:
    way, _ = walk(visitor, danger=danger, country="IT")
    assert ("numbers" in way) is shown
    if shown:
        _, page = walk(visitor, to="numbers", danger=danger, country="IT")
        assert Page(page.text).all("a", href="tel:112")
        assert "Telefono Azzurro" in page.text


def test_a_country_that_was_chosen_before_is_not_asked_again(visitor: Visitor) -> None:
    page = visitor.goes_on(visitor.get("/en/report?country=PL"), danger="no")
    assert at(page) == "about"
    assert carried(page, "country") == "PL"
    assert carried(visitor.get("/en/report?country=ZZ"), "country") == ""


def test_every_answer_is_asked_on_one_page_and_nothing_is_asked_twice() -> None:
    assert sorted(name for names in ASKS.values() for name in names) == sorted(FIELDS)
    assert {"meet", "threat", "shared", "known"} == set(Risk)


def test_each_continue_saves_what_is_known_and_says_so(visitor: Visitor) -> None:
    _, page = walk(visitor, to="what", about="me", age="under_13")
    page = visitor.goes_on(page, what="Told")
    assert "Saved so far." in page.text
    assert [saved.what for saved in visitor.desk.saved] == ["", "", "", "", "", "Told"]
    assert visitor.desk.saved[-1].details.about is About.ME
    assert [saved.details.told for saved in visitor.desk.saved][-2:] == [False, True]
    assert visitor.desk.received == []


def test_a_page_that_asks_nothing_saves_nothing(visitor: Visitor) -> None:
    _, page = walk(visitor, to="numbers", danger="yes")
    saved = len(visitor.desk.saved)
    assert "Saved so far." not in visitor.goes_on(page).text
    assert len(visitor.desk.saved) == saved


def test_the_first_page_says_that_half_a_report_arrives_and_how_to_delete_it(visitor: Visitor) -> None:
    text = visitor.get("/en/report").text
    assert "If you stop half way, we still get it." in text
    assert "You can delete it on every page." in text
    assert "You are not in trouble." in text


def test_when_a_step_cannot_be_saved_the_page_says_so_and_goes_on_with_everything(visitor: Visitor) -> None:
    _, page = walk(visitor, to="what")
    visitor.desk.closed.append(True)
    page = visitor.goes_on(page, what="Told")
    assert (page.status_code, at(page), carried(page, "what")) == (503, "risk", "Told")
    assert visitor.desk.settings.phone in page.text
    assert "Saved so far." not in page.text
    visitor.desk.closed.clear()
    assert visitor.goes_on(page).status_code == 200
    assert visitor.desk.saved[-1].what == "Told"


def test_back_leads_to_the_page_before_with_what_was_typed_on_both(visitor: Visitor) -> None:
    _, page = walk(visitor, to="risk", what="Told")
    page = visitor.goes_on(page, meet="yes", go="back")
    assert (at(page), carried(page, "what"), carried(page, "meet")) == ("what", "Told", "yes")
    page = visitor.goes_on(page, what="Told again")
    assert (at(page), carried(page, "meet"), carried(page, "what")) == ("risk", "yes", "Told again")
    assert Page(page.text).all("input", name="meet", checked="")


def test_back_from_the_first_page_stays_there(visitor: Visitor) -> None:
    assert at(visitor.goes_on(visitor.get("/en/report"), go="back")) == "danger"


def test_the_check_shows_every_answer_and_a_change_leads_straight_back(visitor: Visitor) -> None:
    _, page = walk(visitor, about="me", age="13_15", meet="yes", country="IT", **TOLD)
    for said in ("13 to 15", "The person wants to meet me, or we have met", "Italy", "Told", "example.com", "Not said"):
        assert said in page.text
    page = visitor.goes_on(page, go="change-what")
    assert at(page) == "what"
    page = visitor.goes_on(page, what="Told better")
    assert (at(page), carried(page, "what")) == ("check", "Told better")
    assert at(visitor.goes_on(visitor.goes_on(page, go="change-age"), go="back")) == "check"
    assert at(visitor.goes_on(page, go="change-nothing")) == "check"


def test_an_answer_to_a_question_that_is_no_longer_on_the_way_is_still_shown_and_sent(visitor: Visitor) -> None:
    _, page = walk(visitor, about="me", suspect="An uncle", **TOLD)
    page = visitor.goes_on(visitor.goes_on(page, go="change-about"), about="seen")
    assert "An uncle" in page.text
    visitor.goes_on(page, go="send")
    assert visitor.desk.received[-1].details.suspect == "An uncle"


def test_a_report_sent_from_the_check_is_all_that_was_said(visitor: Visitor) -> None:
    answers = {"danger": "yes", "country": "IT", "about": "work", "threat": "yes", "phone": "01632 960 002"}
    _, page = walk(visitor, **answers, **TOLD)
    answer = visitor.goes_on(page, go="send")
    [sent] = visitor.desk.received
    assert "We have your report" in answer.text
    assert (sent.what, sent.link, sent.country, sent.contact) == ("Told", "example.com", "IT", "01632 960 002")
    assert sent.details.risks == (Risk.THREAT,)


def test_nothing_told_leads_to_the_question_and_from_there_back_to_the_check(visitor: Visitor) -> None:
    _, page = walk(visitor, danger="yes")
    page = visitor.goes_on(page, go="send")
    assert (page.status_code, at(page)) == (422, "what")
    assert visitor.desk.received == []
    assert at(visitor.goes_on(page, what="Told")) == "check"


def test_whoever_has_told_something_may_go_to_the_end(visitor: Visitor) -> None:
    _, page = walk(visitor, to="risk", what="Told")
    assert Page(page.text).all("button", name="go", value="end")
    assert at(visitor.goes_on(page, go="end", meet="yes")) == "check"
    assert not Page(visitor.get("/en/report").text).all("button", name="go", value="end")


@pytest.mark.parametrize(
    "page_name", [name for name in ASKS if name not in ("numbers", "context", "delete", "suspect")]
)
def test_what_was_written_can_be_deleted_on_every_page(visitor: Visitor, page_name: str) -> None:
    _, page = walk(visitor, to=page_name, about="me", danger="no", what="Told")
    assert Page(page.text).all("button", name="go", value="delete")
    asked = visitor.goes_on(page, go="delete")
    assert (at(asked), visitor.desk.withdrawn) == ("delete", [])
    kept = visitor.goes_on(asked, go="keep")
    assert at(kept) == "check"
    gone = visitor.goes_on(asked, go="delete-now")
    assert gone.status_code == 200
    assert visitor.desk.withdrawn == [visitor.desk.read_token(carried(page, "token"))]
    assert "Told" not in gone.text and carried(page, "token") not in gone.text


def test_what_cannot_be_deleted_just_now_says_so_and_can_be_tried_again(visitor: Visitor) -> None:
    _, page = walk(visitor, to="risk", what="Told")
    asked = visitor.goes_on(page, go="delete")
    visitor.desk.closed.append(True)
    refused = visitor.goes_on(asked, go="delete-now")
    assert (refused.status_code, carried(refused, "what")) == (503, "Told")
    visitor.desk.closed.clear()
    assert visitor.goes_on(refused, go="delete-now").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"what": "Something else"},
        {"age": "adult"},
        {"signature": ""},
        {"signature": "é"},
        {"page": "kind"},
        {"page": "check"},
        {"step": "0"},
        {"changing": "yes"},
    ],
)
def test_what_travels_is_signed_and_what_was_changed_on_the_way_is_shown_before_it_counts(
    visitor: Visitor, changed: dict[str, str]
) -> None:
    _, page = walk(visitor, to="risk", about="me", age="under_13", what="Told")
    visitor.desk.saved.clear()
    answer = visitor.goes_on(page, **changed)
    assert answer.status_code == 400
    assert carried(answer, "what") == changed.get("what", "Told")
    assert visitor.desk.saved == []
    assert visitor.goes_on(answer).status_code == 200


def test_answers_signed_for_one_form_are_worth_nothing_in_another(visitor: Visitor) -> None:
    _, page = walk(visitor, to="risk", what="Told")
    assert visitor.goes_on(page, token=visitor.desk.new_token()).status_code == 400


def test_another_language_can_be_chosen_midway(visitor: Visitor) -> None:
    _, page = walk(visitor, to="risk", what="Told")
    arabic = visitor.goes_on(page, "ar", meet="yes", go="reread")
    assert Page(arabic.text).all("html", lang="ar", dir="rtl")
    assert (at(arabic), carried(arabic, "what"), carried(arabic, "meet")) == ("risk", "Told", "yes")
    assert carried(arabic, "token") == carried(page, "token")
    saved = len(visitor.desk.saved)
    visitor.goes_on(arabic, "ar")
    assert [entry.language for entry in visitor.desk.saved[saved:]] == ["ar"]


def test_the_titles_tell_a_browsers_history_nothing(visitor: Visitor) -> None:
    page = visitor.get("/en/report")
    for number in range(1, 8):
        assert Page(page.text).title == f"Page {number} – OpenHotline"
        page = visitor.goes_on(page)


def test_a_child_and_a_grown_up_are_spoken_to_differently(visitor: Visitor) -> None:
    assert "How old are you?" in walk(visitor, to="age", about="me")[1].text
    assert "How old is the child?" in walk(visitor, to="age", about="my_child")[1].text
    assert "not your fault" in visitor.send(what="Told", about="me").text
    assert "Stay calm" in visitor.send(what="Told", about="my_child").text


def test_a_forged_number_of_steps_is_no_trouble(visitor: Visitor) -> None:
    _, page = walk(visitor, to="about")
    for step in ("-1", "x", "9" * 99, "٣", "1.0"):
        assert visitor.goes_on(page, step=step).status_code == 400
