"""The demo messenger as one tries it: a chat of two, the tab between them, and what arrives of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.db import transaction
from core.models import Partner, Report
from core.vocabulary import Channel, ContextState
from ops.messenger.partner import CODE
from tests.browser.chromium import DESKTOP, PHONE
from tests.journeys.product import Product, messenger_beside
from tests.processes import RECEIPT

SIDEWAYS = "document.scrollingElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def address(product: Product) -> Iterator[str]:
    with messenger_beside(product) as started:
        yield started


@pytest.fixture(params=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE if request.param == "phone" else DESKTOP, locale="en")
    page, said = context.new_page(), []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert context.cookies() == []
    assert said == [], "something broke, or broke the policy"
    context.close()


@pytest.mark.parametrize(("language", "report"), [("en", "Report abuse"), ("ar", "الإبلاغ عن إساءة")])
def test_two_people_chat_and_one_reports_the_other(
    page: Page, address: str, product: Product, language: str, report: str
) -> None:
    page.goto(f"{address}/?lang={language}")
    robin, alex = page.locator("[data-person=robin]"), page.locator("[data-person=alex]")
    words = f"Hello from {page.viewport_size} {language}"
    alex.locator(".composer__text").fill(words)
    alex.locator(".composer__send").click()
    for side in (robin, alex):
        expect(side.locator(".talk__words", has_text=words)).to_have_count(1)
    robin.locator(".picking button").click()
    robin.locator(".talk__item", has_text=words).locator("input").check()
    robin.get_by_role("button", name=report).first.click()
    frame = page.frame_locator("iframe")
    while (at := frame.locator("input[name=page]").get_attribute("value")) != "check":
        if at == "context":
            expect(frame.locator(".oh-added")).to_contain_text(words)
        frame.locator("#send").click()
        expect(frame.locator(f"input[name=page][value={at}]")).to_have_count(0)
    frame.locator("#send").click()
    expect(frame.locator(".oh-ticket__code")).to_have_text(RECEIPT)
    sent = (
        select(Report)
        .join(Partner, Partner.id == Report.partner_id)
        .where(Partner.code == CODE, Report.partial.is_(False))
        .order_by(Report.received_at.desc())
    )
    with transaction(product.owner) as session:
        newest = session.scalars(sent).first()
        assert newest
        assert (newest.channel, newest.context_state) == (Channel.TAB, ContextState.VERIFIED)
        assert newest.language == language
    assert page.evaluate(SIDEWAYS) <= 0
    frame.locator(".oh-exit").click()
    expect(page.locator("iframe")).to_have_count(0)
