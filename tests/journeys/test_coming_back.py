"""Coming back with a receipt, on a phone without scripts: an answer is read, and one is given."""

from tests.browser.lens import Lens
from tests.browser.visitor import Door
from tests.journeys.people import CASES, SECRET, SEND, log_in, receipt_on, tell, wait_for_cases
from tests.journeys.product import Product

QUESTION = "شكرا لك. ما اسم اللعبة؟"
REPLY = "اسمها مكعبات."
SEND_ANSWER = "#answer-send"


def test_a_child_reads_what_was_written_and_answers(door: Door, product: Product, lens: Lens) -> None:
    before = len(door.seen)
    analyst = product.a_member(agency=product.an_agency("example-tn", "TN"))
    with door.visitor(language="ar") as child, door.visitor() as staff:
        child.goes_to(f"{door.public}/ar/report")
        tell(child, what=SECRET, country="TN")
        child.clicks(SEND)
        receipt = receipt_on(child.page)
        log_in(staff, analyst)
        wait_for_cases(staff)
        staff.clicks(CASES)
        assert SECRET in staff.page.locator("main").inner_text()
        staff.page.locator("[name=answer]").fill(QUESTION)
        assert staff.clicks(SEND_ANSWER).status == 200
        assert QUESTION in staff.page.locator("main").inner_text()

        child.goes_to(f"{door.public}/ar/")
        child.clicks("main a[href$='/follow-up']")
        child.page.locator("[name=code]").fill(receipt.lower().replace("-", " "))
        assert child.clicks(SEND).status == 200
        assert QUESTION in child.page.locator("main").inner_text()
        child.page.locator("[name=what]").fill(REPLY)
        assert child.clicks(SEND).status == 200
        assert not [url for url in child.asked if receipt in url]

        child.goes_to(f"{door.public}/ar/follow-up")
        child.page.locator("[name=code]").fill("0000 0000 0000 0000 0000")
        assert child.clicks(SEND).status == 422

        for _ in range(50):
            staff.arrives(staff.page.reload)
            if REPLY in staff.page.locator("main").inner_text():
                break
            staff.page.wait_for_timeout(100)
        assert REPLY in staff.page.locator("main").inner_text()
    pages = [page for page in door.seen[before:] if "/follow-up" in page.url or "/cases/" in page.url]
    findings = [finding for page in pages[-5:] for finding in lens.findings(page)]
    assert not findings, "\n".join(findings)
