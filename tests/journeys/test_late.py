"""Staff who are slower than their session lose nothing they wrote."""

from tests.browser.visitor import Visitor
from tests.journeys.people import CASES, decide, log_in, report, wait_for_cases
from tests.journeys.product import Product

REASON = "She called the police of that country. <b>They</b> know & will ring back."


def test_a_reason_written_too_late_comes_back(desktop: Visitor, product: Product) -> None:
    report(desktop, "en")
    log_in(desktop, product.a_member())
    wait_for_cases(desktop)
    desktop.clicks(desktop.page.locator(CASES).first)
    case = desktop.page.url
    desktop.context.clear_cookies()
    assert decide(desktop, REASON).status == 403
    assert REASON in desktop.page.locator("main").inner_text()
    log_in(desktop, product.a_member())
    desktop.goes_to(case)
    assert decide(desktop, REASON).status == 200
    assert REASON in desktop.page.locator("main").inner_text()
