"""Three messengers with the tab in them, and the real hotline: what is told there becomes a case."""

import os
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from core.db import transaction
from core.settings import Settings
from core.vocabulary import ContextState
from ops.partners.book import add_partner
from tests.journeys.product import Product
from tests.widget.messenger import CODE, Messenger, go_on, go_to_check, tell
from tests.widget.package import WIDGET, Package, install, served
from tests.widget.reader import WINDOWS
from tests.widget.test_package import PUBLISHED, integrity
from tests.widget.xmpp import ALEX, SAID, chat_server

REPORT = {"en": "Report abuse", "ar": "الإبلاغ عن إساءة"}
CLOSE = {"en": "Close", "ar": "إغلاق"}
LEFT = """async () => [document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length]"""
NOTHING = ["", 0, 0, 0, 0]
FORGE = """frame => {
  globalThis.answers = [];
  const { contentWindow } = document.querySelector("report-abuse").shadowRoot.querySelector("iframe");
  const sibling = document.body.appendChild(document.createElement("iframe")).contentWindow;
  for (const from of [window, sibling]) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => answers.push(data);
    const post = from.Function("frame", "init", "port", "frame.postMessage(init, '*', [port])");
    post(contentWindow, { ra: 1, type: "init", lang: "en", theme: "auto" }, port2);
  }
}"""
"""A second greeting from the page itself, and one from another frame of its own."""


@pytest.fixture(scope="module")
def messenger(browser: Browser, product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messenger]:
    package = install(Package.of(Settings.from_environ()))
    made = package.run("npm", "run", "--silent", "build")
    assert made.returncode == 0, made.stderr
    key = tmp_path_factory.mktemp("messenger") / "key.pem"
    with chat_server(tmp_path_factory.mktemp("chat"), Settings.from_environ()) as xmpp:
        told = {"HOTLINE": product.public, "PARTNER": CODE, "PORT": "0", "KEY": str(key), "XMPP": xmpp}
        with served(package, os.environ | told) as url:
            jwks = httpx.get(f"{url}/jwks.json").json()
            with transaction(product.owner) as session:
                partner = add_partner(session, "Example chat", CODE, [url], jwks).id
            yield Messenger(url, product, browser, partner)


def test_the_hotline_serves_the_newest_script_and_each_release_to_every_page(messenger: Messenger) -> None:
    newest = httpx.get(f"{messenger.product.public}/embed/v1/tab.js")
    assert newest.text == (WIDGET / "tab.js").read_text()
    assert newest.headers["cache-control"] == "public, max-age=300"
    for version, hashed in PUBLISHED.items():
        release = httpx.get(f"{messenger.product.public}/embed/{version}/tab.js")
        assert integrity(release.content) == hashed
        assert "immutable" in release.headers["cache-control"]
        for answer in (newest, release):
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
            assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert httpx.get(f"{messenger.product.public}/embed/9.9.9/tab.js").status_code == 404


@pytest.mark.parametrize("language", REPORT)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_report_from_the_plain_page_becomes_a_case(messenger: Messenger, window: str, language: str) -> None:
    with messenger.user("/plain/", viewport=WINDOWS[window]) as user, messenger.one_more_case() as made:
        direction = "rtl" if language == "ar" else "ltr"
        user.page.evaluate(
            "facts => { Object.assign(document.documentElement, facts) }", {"lang": language, "dir": direction}
        )
        frame = user.presses(REPORT[language])
        assert frame.locator("html").get_attribute("dir") == direction
        assert frame.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        receipt = tell(frame)
        assert (user.page.evaluate(LEFT), frame.evaluate(LEFT)) == (NOTHING, NOTHING)
        assert user.page.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
        assert user.told == ["open"], "the messenger learns that something was sent"
        assert not [url for url in user.asked if receipt in url or "secret" in url]
    assert (made[0].language, made[0].context_state) == (language, ContextState.VERIFIED)


def test_the_real_page_answers_to_its_first_greeting_alone(messenger: Messenger) -> None:
    with messenger.user("/plain/", bypass_csp=True) as user:
        user.presses()
        user.page.evaluate(FORGE)
        user.page.wait_for_timeout(300)
        assert user.page.evaluate("answers") == []


def test_a_page_that_is_not_the_partners_shows_nothing_of_the_hotline(messenger: Messenger) -> None:
    elsewhere = messenger.url.replace("127.0.0.1", "localhost")
    with messenger.user("/plain/") as user:
        user.page.goto(f"{elsewhere}/plain/")
        user.page.get_by_role("button", name="Report abuse").click()
        user.page.wait_for_timeout(500)
        assert not user.page.locator("iframe").is_visible()


@pytest.mark.parametrize("way", ["Escape", "Back"])
def test_one_step_leads_out_of_the_journey_and_the_next_off_the_page(messenger: Messenger, way: str) -> None:
    with messenger.user("/plain/") as user:
        frame = user.presses()
        go_on(frame)
        go_on(frame)
        user.page.keyboard.press("Escape") if way == "Escape" else user.page.evaluate("history.back()")
        user.page.get_by_role("dialog").wait_for(state="hidden")
        user.page.wait_for_function("() => !history.state")
        assert user.told == ["open", "close"]
        user.page.go_back()
        assert user.page.url == "about:blank"


def test_leaving_in_a_hurry_closes_the_dialog(messenger: Messenger) -> None:
    with messenger.user("/plain/") as user:
        user.presses().locator(".oh-exit").click()
        user.page.get_by_role("dialog").wait_for(state="hidden")


@pytest.mark.parametrize("window", WINDOWS)
def test_a_report_from_a_react_chat_becomes_a_case(messenger: Messenger, window: str) -> None:
    with messenger.user("/react/", viewport=WINDOWS[window]) as user, messenger.one_more_case() as made:
        user.page.get_by_label("Add to a report").nth(2).check()
        frame = user.presses()
        assert user.page.get_by_role("status").inner_text() == "The report is open."
        tell(frame)
        user.page.get_by_role("button", name="Close").click()
        user.page.get_by_text("The report is closed.").wait_for()
        assert user.page.get_by_label("Add to a report").nth(2).is_checked()
    assert made[0].context_state is ContextState.VERIFIED


def test_what_the_reporter_picked_is_shown_to_them(messenger: Messenger) -> None:
    with messenger.user("/react/") as user:
        user.page.get_by_label("Add to a report").nth(2).check()
        frame = user.presses()
        go_to_check(frame)
        shown = frame.locator("main").inner_text()
        assert "This chat is our secret, ok?" in shown and "@alex" in shown
        assert "Thanks :) you too" not in shown


def test_a_react_chat_that_goes_away_takes_the_dialog_along(messenger: Messenger) -> None:
    with messenger.user("/react/") as user:
        user.presses()
        user.page.evaluate("document.querySelector('.chat__leave').click()")
        user.page.get_by_role("heading", name="You left the chat").wait_for()
        assert user.page.locator("iframe").count() == 0
        assert user.told == ["open"], "a page hears nothing of an element it took away"
        user.page.wait_for_function("() => !history.state")


@pytest.mark.parametrize("language", REPORT)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_conversation_in_converse_becomes_a_case(messenger: Messenger, window: str, language: str) -> None:
    address = f"/converse/?lang={language}"
    with messenger.user(address, viewport=WINDOWS[window]) as user, messenger.one_more_case() as made:
        user.opens_the_conversation()
        frame = user.presses(REPORT[language])
        assert frame.locator("html").get_attribute("lang") == language
        go_to_check(frame)
        assert ALEX in frame.locator("main").inner_text()
        tell(frame)
        user.page.get_by_role("dialog").get_by_role("button", name=CLOSE[language]).click()
        user.page.get_by_text(SAID["m-2"]).wait_for()
    assert made[0].context_state is ContextState.VERIFIED
