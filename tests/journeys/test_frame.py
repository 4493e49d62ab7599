"""The frame and the page around it: what goes between them, what never does, and what is left of it afterwards."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from core.db import transaction
from core.models import Partner, Report
from core.vocabulary import Channel, ContextState
from tests.browser.chromium import PHONE
from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen
from tests.intake.operator import Operator, an_operator
from tests.journeys.product import Product
from tests.processes import RECEIPT
from tests.widget.origins import Origin, Paper, serving

SECRET = "An adult asked me to keep a secret."
AROUND = """<!doctype html><html lang="en"><title>Chat</title><h1>Chat</h1>
<iframe id="frame" title="Report" width="360" height="700"></iframe>
<script>
globalThis.heard = [];
globalThis.greet = (changes = {{}}, withPort = true) => {{
  const {{ port1, port2 }} = new MessageChannel();
  globalThis.port = port1;
  port1.onmessage = ({{ data }}) => heard.push(data);
  const init = {{ ra: 1, type: "init", lang: "en", theme: "auto", ...changes }};
  document.querySelector("iframe").contentWindow.postMessage(init, "{public}", withPort ? [port2] : []);
}};
globalThis.loaded = new Promise((resolve) => (document.querySelector("iframe").onload = resolve));
document.querySelector("iframe").src = "{public}/embed/v1/frame?partner={code}&lang=en";
</script>"""
READY = [{"type": "ready"}, {"type": "resize", "h": 720}]
STORED = (
    "async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
)


@pytest.fixture(scope="module")
def host() -> Iterator[Origin]:
    """A page that a partner's own origin serves."""
    with serving(Origin) as origin:
        yield origin


@pytest.fixture(scope="module")
def stranger() -> Iterator[Origin]:
    """Nobody's partner."""
    with serving(Origin) as origin:
        yield origin


@pytest.fixture
def operator(product: Product, host: Origin) -> Operator:
    return an_operator(product.settings, product.owner, origins=[host.url])


@dataclass
class Around:
    """The page around the frame, open in a window."""

    context: BrowserContext
    page: Page
    said: list[str]

    @property
    def frame(self) -> Frame:
        return self.page.frames[1]

    @property
    def heard(self) -> list[dict[str, Any]]:
        """What the frame told the page, after all of it has had its turn."""
        self.page.wait_for_timeout(200)
        heard: list[dict[str, Any]] = self.page.evaluate("heard")
        return heard

    def greets(self, **changes: object) -> None:
        self.page.evaluate("changes => greet(changes)", changes)
        self.page.wait_for_function("heard.length > 1")

    def says(self, **message: object) -> None:
        self.page.evaluate("message => port.postMessage(message)", message)

    def presses(self, button: str = "#send") -> None:
        """And waits for the page that comes."""
        before = self.frame.locator("body").element_handle()
        self.frame.locator(button).first.click()
        self.frame.wait_for_function("before => before !== document.body", arg=before)

    def goes_to(self, page: str) -> None:
        while (at := self.frame.locator("input[name=page]").get_attribute("value")) != page:
            if at == "what":
                self.frame.locator("#what").fill(SECRET)
            self.presses()


@pytest.fixture
def around(browser: Browser, product: Product, operator: Operator, host: Origin) -> Iterator[Around]:
    yield from opened(browser, product, operator, host)


def opened(browser: Browser, product: Product, operator: Operator, at: Origin) -> Iterator[Around]:
    at.papers["/"] = Paper(AROUND.format(public=product.public, code=operator.partner.code))
    context = browser.new_context(viewport=PHONE, locale="en")
    page, said = context.new_page(), []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(at.url)
    page.evaluate("loaded")
    yield Around(context, page, said)
    context.close()


def sent(product: Product, operator: Operator) -> Report | None:
    with transaction(product.owner) as session:
        return session.query(Report).filter_by(partner_id=operator.partner.id, partial=False).one_or_none()


def test_all_the_way_the_page_around_hears_that_it_is_ready_and_how_high_and_no_more(
    around: Around, product: Product, operator: Operator
) -> None:
    around.greets()
    around.says(type="context", jwt=operator.token())
    around.goes_to("check")
    around.presses()
    assert RECEIPT.search(around.frame.content())
    assert around.heard == READY
    report = sent(product, operator)
    assert report and (report.channel, report.context_state) == (Channel.TAB, ContextState.VERIFIED)
    assert around.said == []


def test_it_hears_that_something_was_sent_if_that_was_agreed(
    around: Around, product: Product, operator: Operator
) -> None:
    with transaction(product.owner) as session:
        partner = session.get(Partner, operator.partner.id)
        assert partner
        partner.tells_submitted = True
    time.sleep(3.2)  # as long as a partner is remembered
    around.page.reload()
    around.page.evaluate("loaded")
    around.greets()
    around.goes_to("check")
    assert around.heard == READY
    around.presses()
    assert around.heard == [*READY, {"type": "submitted"}]


def test_a_page_that_is_not_listed_shows_nothing(
    browser: Browser, product: Product, operator: Operator, stranger: Origin
) -> None:
    for around in opened(browser, product, operator, stranger):
        around.page.evaluate("greet()")
        assert around.heard == []
        assert not around.frame.locator("h1").count()
        assert any("frame-ancestors" in line for line in around.said)


@pytest.mark.parametrize(
    "forged",
    [
        "greet({ type: 'other' })",
        "greet({ type: undefined })",
        "greet({}, false)",
        "frame.contentWindow.postMessage('init', '*', [new MessageChannel().port1])",
        "frame.contentWindow.postMessage(null, '*', [new MessageChannel().port1])",
    ],
)
def test_what_is_not_the_first_word_of_the_protocol_is_passed_over(around: Around, forged: str) -> None:
    around.page.evaluate(forged)
    assert around.heard == []
    around.greets()
    assert around.heard == READY


def test_another_version_is_told_so_and_may_try_again(around: Around) -> None:
    around.page.evaluate("greet({ ra: 2 })")
    assert around.heard == [{"type": "error", "code": "version"}]
    around.page.evaluate("greet()")
    assert around.heard[1:] == READY


@pytest.mark.parametrize(
    "source",
    [
        # a frame beside it, of the same origin as the page around
        "document.body.append(Object.assign(document.createElement('iframe'), {srcdoc: `<script>{%s}</script>`}))",
        # a window that the page opened
        "open('about:blank').eval(`{%s}`)",
    ],
)
def test_a_message_from_any_other_window_is_passed_over(around: Around, product: Product, source: str) -> None:
    from_there = (
        "const {port1, port2} = new MessageChannel(), around = parent === self ? opener : parent;"
        "port1.onmessage = ({data}) => around.heard.push(data);"
        "around.document.querySelector('#frame').contentWindow"
        f".postMessage({{ra: 1, type: 'init', lang: 'en', theme: 'auto'}}, '{product.public}', [port2]);"
    )
    around.page.evaluate(source % from_there)
    assert around.heard == []
    around.greets()
    assert around.heard == READY


def test_the_first_port_is_the_only_one(around: Around, operator: Operator) -> None:
    around.greets()
    around.page.evaluate("greet()")
    around.says(type="theme", theme="dark")
    assert around.heard == READY
    assert not around.frame.locator("html[data-theme]").count()


def test_the_language_and_the_look_follow_the_page_around_and_nothing_typed_is_lost(around: Around) -> None:
    around.greets(theme="dark")
    assert around.frame.locator("html").get_attribute("data-theme") == "dark"
    around.goes_to("what")
    around.frame.locator("#what").fill(SECRET)
    around.says(type="theme", theme="high-contrast")
    around.says(type="lang", lang="ar-EG")
    expect(around.frame.locator("html[lang=ar][dir=rtl][data-theme=high-contrast]")).to_have_count(1)
    expect(around.frame.locator("#what")).to_have_value(SECRET)
    around.says(type="theme", theme="<b>")
    expect(around.frame.locator("html:not([data-theme])")).to_have_count(1)


def test_who_chose_a_language_keeps_it_until_the_page_around_changes_its_own(around: Around) -> None:
    around.greets()
    around.frame.locator(".oh-languages summary").click()
    around.presses(".oh-languages__button[lang=de]")
    around.says(type="lang", lang="en")
    around.page.wait_for_timeout(300)
    assert around.frame.locator("html").get_attribute("lang") == "de"


def test_words_of_a_later_version_are_passed_over(around: Around) -> None:
    around.greets()
    for message in ({"type": "dance"}, {"type": "context", "jwt": 7}, {"type": "lang", "lang": {}}, {}):
        around.says(**message)
    around.page.evaluate("port.postMessage(null); port.postMessage('ready')")
    around.presses()
    assert (around.heard, around.said) == (READY, [])


def test_a_token_that_nobody_can_read_stops_nobody(around: Around, product: Product, operator: Operator) -> None:
    around.greets()
    around.says(type="context", jwt="words")
    around.goes_to("check")
    around.presses()
    report = sent(product, operator)
    assert report and report.context_state is ContextState.UNVERIFIED


@pytest.mark.parametrize("way", ["the button", "shift three times"])
def test_leaving_empties_the_frame_and_asks_the_page_around_to_take_it_away(around: Around, way: str) -> None:
    around.greets()
    around.goes_to("risk")
    if way == "the button":
        around.frame.locator(".oh-exit").click()
    else:
        around.frame.locator("h1").focus()
        for _ in range(3):
            around.page.keyboard.press("Shift")
    assert around.heard == [*READY, {"type": "close"}]
    assert around.frame.evaluate("document.body.childElementCount") == 0
    assert SECRET not in around.frame.content()


def test_with_nobody_around_who_listens_it_is_empty_and_the_exit_page_opens(around: Around, product: Product) -> None:
    around.goes_to("risk")
    with around.page.expect_popup() as left:
        around.frame.locator(".oh-exit").click()
    left.value.wait_for_url(product.settings.exit_url)
    assert around.frame.evaluate("document.body.childElementCount") == 0


def test_escape_in_the_frame_closes_it(around: Around) -> None:
    around.greets()
    around.frame.locator("h1").click()
    around.page.keyboard.press("Escape")
    assert around.heard == [*READY, {"type": "close"}]


def test_nothing_is_left_in_the_browser_and_its_history_has_no_page_of_ours(around: Around) -> None:
    around.greets()
    length = around.page.evaluate("history.length")
    around.goes_to("check")
    around.presses()
    assert around.page.evaluate("history.length") == length
    assert around.frame.evaluate(STORED) == ["", 0, 0, 0]
    assert around.context.cookies() == []


def test_every_request_from_the_frame_is_to_us_and_names_nobody(around: Around, product: Product) -> None:
    asked = []
    around.page.on("request", lambda request: asked.append(request))
    around.greets()
    around.goes_to("check")
    around.presses()
    assert asked and all(request.url.startswith(product.public) for request in asked)
    assert not [request for request in asked if SECRET.split()[0] in request.url or "jwt" in request.url]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_its_pages_can_be_read_by_everybody(
    around: Around, lens: Lens, seen: list[Seen], product: Product, operator: Operator, language: str
) -> None:
    pages: list[Seen] = []

    def keep(name: str) -> None:
        html = around.page.request.get(around.frame.url).text() if name == "first" else around.frame.content()
        pages.append(Seen(f"{product.public}/embed/v1/frame#{name}-{language}", 200, html))

    around.greets()
    around.says(type="context", jwt=operator.token())
    around.says(type="lang", lang=language)
    expect(around.frame.locator(f"html[lang={language}]")).to_have_count(1)
    keep("first")
    for name in ("context", "check"):
        around.goes_to(name)
        keep(name)
    around.presses()
    keep("receipt")
    assert [finding for page in pages for finding in lens.findings(page)] == []
    seen.append(pages[0])


def test_on_the_site_a_link_to_a_field_is_no_way_back(door: Door) -> None:
    """Its entry in the history is none of the journey's."""
    with door.visitor(scripts=True) as visitor:
        visitor.goes_to(f"{door.public}/en/report")
        page = visitor.page
        while page.locator("input[name=page]").get_attribute("value") != "check":
            visitor.arrives(page.locator("#send").click)
        visitor.arrives(page.locator("#send").click)
        page.locator(".oh-summary__link").click()
        page.wait_for_timeout(500)
        assert page.locator("input[name=page]").get_attribute("value") == "what"
