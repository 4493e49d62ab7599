"""People in the examples' messengers, and the real hotline behind the tab."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, Frame, Page
from sqlalchemy import select

from core.db import transaction
from core.models import Report
from tests.browser.chromium import PHONE
from tests.journeys.people import SECRET, receipt_on
from tests.journeys.product import Product
from tests.widget.reader import LISTEN
from tests.widget.xmpp import PASSWORD, ROBIN, SAID

CODE = "acme"
PROMPT = 10
SEND = "#send"


@dataclass(frozen=True, slots=True)
class Messenger:
    """The examples' server, known to the hotline as a partner."""

    url: str
    product: Product
    browser: Browser
    partner: UUID

    def reports(self) -> list[Report]:
        """Those of its users that are in a case, oldest first."""
        filed = select(Report).where(Report.partner_id == self.partner, Report.case_id.is_not(None))
        with transaction(self.product.owner) as session:
            return list(session.scalars(filed.order_by(Report.filed_at)).all())

    @contextmanager
    def one_more_case(self) -> Iterator[list[Report]]:
        """The report that was made meanwhile, once it is in its case."""
        before, made = len(self.reports()), list[Report]()
        yield made
        last = time.monotonic() + PROMPT
        while len(now := self.reports()) == before:
            assert time.monotonic() < last, "the report does not become a case"
            time.sleep(0.05)
        made += now[before:]

    @contextmanager
    def user(self, path: str, **window: Any) -> Iterator["User"]:
        """Somebody who has this page open. Fails for what a page must not do."""
        given = {"viewport": PHONE, "locale": "en", "reduced_motion": "reduce"} | window
        with self.browser.new_context(**given) as context:
            context.set_default_timeout(10_000)
            context.add_init_script(LISTEN)
            user = User(context.new_page())
            user.page.goto(f"{self.url}{path}")
            yield user
        assert user.troubles == []


@dataclass
class User:
    """One window with a messenger in it."""

    page: Page
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    @property
    def told(self) -> list[str]:
        """What the tab told the messenger's page."""
        told: list[str] = self.page.evaluate("told")
        return told

    def opens_the_conversation(self) -> None:
        """In Converse: log in, and click on who has written."""
        self.page.locator("[name=jid]").fill(ROBIN)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("[type=submit]").click()
        self.page.get_by_text("Alex").first.click()
        self.page.get_by_text(SAID["m-2"]).wait_for()

    def presses(self, name: str = "Report abuse") -> Frame:
        """The hotline's page, when it shows."""
        self.page.get_by_role("button", name=name).click()
        self.page.frame_locator("dialog iframe").get_by_role("heading").first.wait_for()
        return self.page.frames[-1]


def tell(frame: Frame) -> str:
    """Page after page to the receipt's; the receipt."""
    go_to_check(frame)
    frame.locator(SEND).click()
    frame.locator(".oh-ticket").wait_for()
    return receipt_on(frame)


def go_to_check(frame: Frame) -> None:
    while at(frame) != "check":
        if frame.locator("textarea[name=what]").count():
            frame.locator("textarea[name=what]").fill(SECRET)
        go_on(frame)


def at(frame: Frame) -> str:
    """The name of the journey's page."""
    return frame.locator("[name=page]").input_value()


def go_on(frame: Frame) -> None:
    before = at(frame)
    frame.locator(SEND).click()
    frame.wait_for_function("before => document.querySelector('[name=page]').value !== before", arg=before)
