"""The whole way of a report: a child tells on a phone without scripts, staff read the same words and decide."""

from dataclasses import dataclass

import pytest

from tests.browser.visitor import Door, Visitor
from tests.journeys.people import CASES, LEAVE, SEND, decide, log_in, receipt_on, tell, wait_for_cases
from tests.journeys.product import Product


@dataclass(frozen=True, slots=True)
class Story:
    """One report, in the words of the reporter, and why its case was closed."""

    language: str
    direction: str
    country: str
    words: str
    reason: str


STORIES = (
    Story("ar", "rtl", "EG", "شخص بالغ طلب مني أن أحتفظ بسر.\nقال لي: لا تخبر أحدا 😊", "أحيلت إلى الشرطة."),
    Story("it", "ltr", "IT", "Un adulto mi chiede un segreto.\nÈ successo l'altro ieri.", "La polizia lo sa già."),
    Story("en", "ltr", "GB", 'An adult wants me to keep a secret.\nIt was <b>in</b> a "game" & at home.', "They know."),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_a_report_goes_from_a_phone_to_a_disposition(door: Door, product: Product, story: Story) -> None:
    analyst = product.a_member(agency=product.an_agency(f"example-{story.language}", story.country))
    with door.visitor() as reporter:
        go_to_the_form(reporter, story)
        receipt = send(reporter, story)
    with door.visitor(language=story.language) as staff:
        log_in(staff, analyst)
        wait_for_cases(staff)
        assert staff.page.locator("html").get_attribute("dir") == story.direction
        work_the_case(staff, story)
        assert not [page for page in door.seen if page.url.startswith(door.console) and receipt in page.html]
        leave_nothing_behind(staff, story)


def go_to_the_form(reporter: Visitor, story: Story) -> None:
    """From the bare address, through the reader's own language."""
    reporter.goes_to(f"{reporter.door.public}/")
    reporter.clicks(f"a[hreflang={story.language}]")
    page = reporter.page.locator("html")
    assert (page.get_attribute("lang"), page.get_attribute("dir")) == (story.language, story.direction)
    reporter.clicks("main a[href$='/report']")
    assert page.get_attribute("dir") == story.direction


def send(reporter: Visitor, story: Story) -> str:
    """The receipt. Its page has the form's address, and no address ever asked for holds it."""
    form = reporter.page.url
    tell(reporter.page, what=story.words, country=story.country, danger="yes")
    assert reporter.clicks(SEND).status == 200
    receipt = receipt_on(reporter.page)
    assert reporter.page.url.partition("#")[0] == form
    assert not [url for url in reporter.asked if receipt in url]
    return receipt


def work_the_case(staff: Visitor, story: Story) -> None:
    """The only case in the queue, read, closed with a reason, and gone from the queue."""
    assert staff.page.locator(CASES).count() == 1
    staff.clicks(CASES)
    assert story.words in staff.page.locator("main").inner_text()
    assert decide(staff, "passed_on", story.reason).status == 200
    assert staff.page.locator("[name=disposition]").count() == 0
    assert story.reason in staff.page.locator("main").inner_text()
    staff.goes_to(f"{staff.door.console}/")
    assert staff.page.locator(CASES).count() == 0


def leave_nothing_behind(staff: Visitor, story: Story) -> None:
    """Log out on the case page; Back asks the server, which shows the log-in and not the case."""
    staff.arrives(staff.page.go_back)
    assert story.words in staff.page.locator("main").inner_text()
    staff.clicks(LEAVE)
    assert not [cookie for cookie in staff.context.cookies() if "session" in cookie.get("name", "")]
    staff.arrives(staff.page.go_back)
    assert story.words.partition("\n")[0] not in staff.page.content()
    assert staff.page.locator("[name=password]").is_visible()
