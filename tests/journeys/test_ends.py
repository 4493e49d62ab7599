"""How a report ends that did not go straight: left, deleted, in two languages. Each as promised, and in one case."""

import time

from sqlalchemy import text

from core.db import transaction
from tests.browser.visitor import Door, Visitor
from tests.journeys.people import CASES, DELETE, SECRET, SEND, answer, at, log_in, receipt_on, tell, wait_for_cases
from tests.journeys.product import Product

AGE = text("""
    UPDATE drafts SET saved_at = saved_at - interval '2 hours'
    WHERE receipt_hash IN (SELECT receipt_hash FROM drafts WHERE country = :country)
""")
WAITING = text("SELECT count(*) FROM drafts WHERE country = :country")
ARRIVED = text("SELECT count(*) FROM reports WHERE country = :country")
SWEEPS = 15.0  # seconds; a sweep comes every two


def go_half_way(visitor: Visitor, country: str) -> None:
    visitor.goes_to(f"{visitor.door.public}/en/report")
    while at(visitor.page) != "risk":
        answer(visitor.page, country=country, what=SECRET)
        visitor.clicks(SEND)


def let_time_pass(product: Product, country: str) -> int:
    """How many reports of a country there are when the time of its drafts has come."""
    last = time.monotonic() + SWEEPS
    while True:
        with transaction(product.owner) as session:
            session.execute(AGE, {"country": country})
            if not session.scalar(WAITING, {"country": country}):
                return int(session.scalar(ARRIVED, {"country": country}) or 0)
        assert time.monotonic() < last, "the drafts stay"
        time.sleep(0.2)


def test_half_a_report_that_is_left_arrives_and_says_that_it_is_half(
    door: Door, product: Product, phone: Visitor
) -> None:
    analyst = product.a_member(agency=product.an_agency("example-gr", "GR"))
    go_half_way(phone, "GR")
    assert let_time_pass(product, "GR") == 1
    with door.visitor() as staff:
        log_in(staff, analyst)
        wait_for_cases(staff)
        staff.clicks(CASES)
        said = staff.page.locator("main").inner_text()
        assert SECRET in said
        assert "This report was never sent" in said


def test_what_was_deleted_half_way_never_arrives(product: Product, phone: Visitor) -> None:
    go_half_way(phone, "BG")
    phone.clicks(DELETE)
    assert phone.clicks(SEND).status == 200
    assert SECRET not in phone.page.content()
    assert let_time_pass(product, "BG") == 0


def test_a_report_begun_in_one_language_and_sent_in_another_is_one_report(product: Product, phone: Visitor) -> None:
    go_half_way(phone, "HU")
    phone.page.locator(".oh-languages summary").click()
    phone.clicks("[formaction='/ar/report']")
    assert phone.page.locator("html").get_attribute("dir") == "rtl"
    tell(phone, threat="yes")
    phone.clicks(SEND)
    assert receipt_on(phone.page)
    assert let_time_pass(product, "HU") == 1
    with transaction(product.owner) as session:
        language = session.scalar(text("SELECT language FROM reports WHERE country = 'HU'"))
    assert language == "ar"
