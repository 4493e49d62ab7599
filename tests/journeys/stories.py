"""The ways people take through the pages, in every language; each is walked once, whoever asks."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from core.db import transaction
from core.models import Report
from core.vocabulary import Channel, Danger, ReportState, Role
from intake.site import sections
from tests.browser.visitor import Door, Seen, Visitor
from tests.journeys.people import (
    CASES,
    CLOSE,
    DELETE,
    LEAVE,
    REASON,
    SEND,
    answer,
    at,
    decide,
    log_in,
    receipt_on,
    report,
    tell,
    try_to_log_in,
    wait_for_cases,
)
from tests.journeys.product import Product

OTHERS = ("follow-up", "sitemap", "agencies", "agencies?country=IT", "downloads")


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


@cache
def whole_way(door: Door, product: Product, story: Story) -> list[Seen]:
    """A report from a phone to its disposition."""
    before = len(door.seen)
    analyst = product.a_member(agency=product.an_agency(f"example-{story.language}", story.country))
    with door.visitor() as reporter:
        go_to_the_form(reporter, story)
        receipt = send(reporter, story)
    with door.visitor(language=story.language) as staff:
        staff.goes_to(f"{product.console}/login")
        assert try_to_log_in(staff, analyst, "0").status == 403
        log_in(staff, analyst)
        wait_for_cases(staff)
        assert staff.page.locator("html").get_attribute("dir") == story.direction
        work_the_case(staff, story)
        assert not [page for page in door.seen if page.url.startswith(door.console) and receipt in page.html]
        leave_nothing_behind(staff, story)
    return door.seen[before:]


def go_to_the_form(reporter: Visitor, story: Story) -> None:
    """From the bare address, through the reader's own language."""
    reporter.goes_to(f"{reporter.door.public}/")
    reporter.page.locator("header summary").click()
    reporter.clicks(f"header a[hreflang={story.language}]")
    page = reporter.page.locator("html")
    assert (page.get_attribute("lang"), page.get_attribute("dir")) == (story.language, story.direction)
    reporter.clicks("main a[href$='/report']")
    assert page.get_attribute("dir") == story.direction


def send(reporter: Visitor, story: Story) -> str:
    """The receipt. Its page has the form's address, and no address ever asked for holds it."""
    form = reporter.page.url
    tell(reporter, what=story.words, country=story.country, danger="yes", about="me", age="under_13", meet="yes")
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
    assert staff.clicks(CLOSE).status == 422
    assert decide(staff, story.reason).status == 200
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


@cache
def around_the_site(door: Door, language: str) -> list[Seen]:
    """Every public page, a mistake and a receipt included."""
    before = len(door.seen)
    with door.visitor(language=language) as reporter:
        assert reporter.goes_to(f"{door.public}/{language}/nothing-here").status == 404
        for page in ("", "?country=IT", *OTHERS, *sections.NAMES):
            assert reporter.goes_to(f"{door.public}/{language}/{page}").status == 200
        reporter.goes_to(f"{door.public}/{language}/report")
        while at(reporter.page) != "where":
            answer(reporter.page, about="my_child", danger="unsure", country="IT")
            reporter.clicks(SEND)
        answer(reporter.page, link="x" * 3000)
        assert reporter.clicks(SEND).status == 422
        reporter.clicks(DELETE)
        assert reporter.clicks(SEND).status == 200
        reporter.goes_to(f"{door.public}/{language}/report")
        tell(reporter, about="seen", link="example.com")
        assert reporter.clicks(SEND).status == 200
        assert report(reporter, language).status == 200
    return door.seen[before:]


@cache
def off_the_way(door: Door, product: Product, language: str) -> list[Seen]:
    """What most people never see: a mistake, a wrong address, alarms, the quarantine, a session that ended."""
    before = len(door.seen)
    _quarantine_a_report(product)
    around_the_site(door, language)
    with door.visitor(language=language) as staff:
        log_in(staff, product.a_member(Role.SUPERVISOR))
        assert staff.goes_to(f"{product.console}/nothing-here").status == 404
        staff.goes_to(f"{product.console}/alarms")
        staff.goes_to(f"{product.console}/quarantine")
        assert staff.page.locator("table form").count()
        wait_for_cases(staff)
        staff.clicks(staff.page.locator(CASES).first)
        staff.context.clear_cookies()
        assert decide(staff, REASON).status == 403
    return door.seen[before:]


def _quarantine_a_report(product: Product) -> None:
    with transaction(product.owner) as session:
        session.add(
            Report(
                channel=Channel.SITE,
                language="en",
                danger=Danger.UNSAID,
                wrapped_key=os.urandom(100),
                what=b"",
                link=b"",
                contact=b"",
                receipt_hash=os.urandom(32),
                mailbox_key=os.urandom(32),
                state=ReportState.QUARANTINED,
                attempts=5,
                next_try_at=datetime.now(UTC),
                trouble="CannotOpen",
            )
        )
