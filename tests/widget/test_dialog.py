"""The dialog: nothing before the click, and every way out of it."""

from collections.abc import Callable

import pytest

from tests.widget.reader import WINDOWS, Reader, Readers
from tests.widget.service import Service

ROUTER = """<script type="module">
  history.replaceState({ chat: 7 }, "");
  globalThis.states = [];
  addEventListener("popstate", ({ state }) => states.push(state));
</script>"""
LEFT = """async () => [document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length]"""
NOTHING = ["", 0, 0, 0, 0]


def _presses_escape_outside_the_frame(reader: Reader) -> None:
    reader.page.get_by_role("button", name="Close").focus()
    reader.page.keyboard.press("Escape")


WAYS_OUT: dict[str, Callable[[Reader], object]] = {
    "button": lambda reader: reader.page.get_by_role("button", name="Close").click(),
    "Escape": _presses_escape_outside_the_frame,
    "Escape in the frame": lambda reader: reader.page.keyboard.press("Escape"),
    "Back": lambda reader: reader.page.evaluate("history.back()"),
    "method": lambda reader: reader.page.evaluate("document.querySelector('report-abuse').close()"),
    "the hotline's word": lambda reader: reader.says({"type": "close"}),
}


def test_the_hotline_is_asked_for_nothing_but_the_script_before_the_click(reader: Reader, hotline: Service) -> None:
    reader.page.wait_for_timeout(300)
    assert hotline.paths == ["/embed/v1/tab.js"]
    assert reader.page.locator("iframe").count() == 0
    reader.opens()
    assert hotline.paths == ["/embed/v1/tab.js", "/embed/v1/frame"]
    assert "referer" not in hotline.asked[1].headers


@pytest.mark.parametrize("window", WINDOWS)
def test_a_click_opens_the_hotlines_page_and_moves_the_keyboard_into_it(
    readers: Readers, hotline: Service, window: str
) -> None:
    reader = readers.one(viewport=WINDOWS[window])
    frame = reader.opens()
    assert frame.url == f"{hotline.url}/embed/v1/frame?partner=acme&lang=en"
    assert reader.told == ["open"]
    frame.wait_for_function("document.hasFocus() && document.activeElement.matches('h1')")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.type("An adult asks for a secret.")
    assert frame.get_by_role("textbox").input_value() == "An adult asks for a secret."
    assert reader.is_open and reader.button.get_attribute("aria-haspopup") == "dialog"


def test_the_frame_may_do_little(reader: Reader) -> None:
    reader.opens()
    frame = reader.page.locator("iframe")
    wanted = {
        "title": "Report abuse",
        "lang": "en",
        "referrerpolicy": "no-referrer",
        "allow": "",
        "sandbox": "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    }
    assert {name: frame.get_attribute(name) for name in wanted} == wanted


@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_way_out_leads_back_to_the_button(readers: Readers, way: str) -> None:
    reader = readers.one(ROUTER + readers.tag())
    entries = reader.page.evaluate("navigation.entries().length")
    reader.opens()
    WAYS_OUT[way](reader)
    reader.waits_until_closed()
    assert reader.told == ["open", "close"]
    assert reader.is_at(reader.button), "the keyboard is lost"
    assert reader.page.locator("iframe").count() == 0
    reader.page.wait_for_function("history.state?.chat === 7 && !('report-abuse' in history.state)")
    assert reader.page.evaluate("navigation.currentEntry.index") == entries - 1
    assert reader.page.evaluate("states") == [{"chat": 7}]


def test_back_leaves_the_page_after_the_dialog_was_closed(readers: Readers) -> None:
    reader = readers.one()
    before = reader.page.url
    reader.page.goto(f"{before}#chat")
    reader.opens()
    reader.frame.evaluate("history.pushState(1, '')")
    reader.frame.evaluate("history.pushState(2, '')")
    reader.page.get_by_role("button", name="Close").click()
    reader.waits_until_closed()
    reader.page.wait_for_function("navigation.currentEntry.index === navigation.entries().length - 2")
    reader.page.go_back()
    assert reader.page.url == before


def test_back_goes_through_the_frames_own_pages_first(reader: Reader) -> None:
    reader.opens()
    reader.frame.evaluate("history.pushState(1, '')")
    reader.page.evaluate("history.back()")
    reader.frame.wait_for_function("history.state === null")
    assert reader.is_open
    reader.page.evaluate("history.back()")
    reader.waits_until_closed()


def test_it_opens_again_after_each_way_out(reader: Reader, hotline: Service) -> None:
    for _ in range(3):
        reader.opens()
        reader.page.keyboard.press("Escape")
        reader.waits_until_closed()
        reader.page.wait_for_function("!history.state")
    assert hotline.paths.count("/embed/v1/frame") == 3
    assert reader.told == ["open", "close"] * 3


def test_opened_again_in_the_same_moment_it_is_never_half_open(reader: Reader) -> None:
    reader.opens()
    reader.page.evaluate("(tab => { tab.close(); tab.open(); })(document.querySelector('report-abuse'))")
    reader.page.wait_for_timeout(300)
    assert reader.page.locator("iframe").count() == reader.is_open
    reader.page.evaluate("document.querySelector('report-abuse').close()")
    reader.waits_until_closed()
    reader.opens()


def test_an_element_that_is_taken_away_takes_its_dialog_along(readers: Readers) -> None:
    reader = readers.one(ROUTER + readers.tag())
    reader.opens()
    reader.page.evaluate("""globalThis.kept = document.querySelector('report-abuse'); kept.remove()""")
    assert reader.page.locator("iframe").count() == 0
    reader.page.wait_for_function("!('report-abuse' in history.state)")
    reader.page.evaluate("document.body.append(kept)")
    reader.opens()
    assert reader.is_open


def test_each_element_of_a_page_has_its_own_dialog(readers: Readers, hotline: Service) -> None:
    reader = readers.one(readers.tag(id="first") + readers.tag(id="second", lang="it", text="Segnala"))
    reader.opens()
    assert reader.page.locator("iframe").count() == 1
    reader.page.keyboard.press("Escape")
    reader.waits_until_closed()
    reader.page.get_by_role("button", name="Segnala un abuso").click()
    reader.page.frame_locator("#second iframe").get_by_role("heading").wait_for()
    assert hotline.asked[-1].query["lang"] == ["it"]


def test_the_sheet_fills_a_phone_and_the_window_of_a_desk_is_held_by_its_page(readers: Readers) -> None:
    phone = readers.one()
    phone.opens()
    assert phone.box() == {"x": 0, "y": 0, **WINDOWS["phone"]}
    desktop = readers.one(viewport=WINDOWS["desktop"])
    desktop.opens()
    for said, shown in ((400, 400), (10, 240), (99_999, 800 - 32 - 56 - 2), ("x", 640), (None, 640)):
        desktop.says({"type": "resize", "h": said})
        desktop.page.wait_for_function(
            "shown => Math.abs(document.querySelector('report-abuse').shadowRoot.querySelector('iframe')"
            ".offsetHeight - shown) < 2",
            arg=shown,
        )


def test_the_sheet_is_as_tall_as_what_the_keyboard_leaves(reader: Reader) -> None:
    reader.opens()
    reader.page.evaluate("""() => {
      for (const [name, value] of [["height", 300], ["offsetTop", 40], ["scale", 1]])
        Object.defineProperty(visualViewport, name, { value });
      visualViewport.dispatchEvent(new Event("resize"));
    }""")
    assert reader.box() == {"x": 0, "y": 40, "width": 360, "height": 300}
    reader.page.keyboard.press("Escape")
    reader.waits_until_closed()
    reader.opens()
    assert reader.box() == {"x": 0, "y": 0, **WINDOWS["phone"]}


def test_nothing_is_kept_in_the_browser(reader: Reader) -> None:
    frame = reader.opens()
    frame.get_by_role("textbox").fill("An adult asks for a secret.")
    assert reader.page.evaluate(LEFT) == NOTHING
    assert frame.evaluate(LEFT) == NOTHING
    assert reader.page.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
    reader.page.keyboard.press("Escape")
    reader.waits_until_closed()
    assert reader.opens().get_by_role("textbox").input_value() == "", "whoever takes the phone reads it"


def test_what_the_hotline_keeps_elsewhere_is_not_seen_in_the_frame(reader: Reader, hotline: Service) -> None:
    """Whoever watches the hotline's traffic cannot tell this report from its person's visits."""
    reader.page.context.add_cookies([{"name": "known", "value": "1", "url": hotline.url}])
    reader.opens()
    assert "cookie" not in hotline.asked[-1].headers


def test_when_the_hotline_does_not_answer_the_way_around_is_shown(readers: Readers, hotline: Service) -> None:
    reader = readers.one(readers.tag(partner="nobody"))
    reader.page.clock.install()
    reader.button.click()
    around = reader.page.locator("dialog a")
    reader.page.clock.fast_forward(7_000)
    assert not around.is_visible()
    reader.page.clock.fast_forward(2_000)
    around.wait_for()
    assert (around.get_attribute("href"), around.inner_text()) == (f"{hotline.url}/p/nobody", "Report abuse")
    assert around.get_attribute("rel") == "noreferrer" and around.get_attribute("target") == "_blank"
    assert reader.told == ["open", "error unreachable"]
    assert not reader.page.locator("iframe").is_visible()
