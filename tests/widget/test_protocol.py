"""What goes between the messenger's page and the hotline's: little, and to nobody else."""

from tests.widget.origins import Origin, Paper
from tests.widget.reader import Reader, Readers
from tests.widget.service import Service

INIT = {"ra": 1, "type": "init", "lang": "en", "theme": "auto"}
TOKEN = "e30.e30.c2lnbmVk"
EAVESDROPPER = """<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1><script>
  const heard = [];
  addEventListener("message", ({ data }) => heard.push(data));
</script>"""
FORGED = [
    {"type": "close"},
    {"type": "submitted"},
    {"ra": 1, "type": "close"},
    {"ra": 1, "type": "submitted"},
    {"type": "error", "code": "forged"},
    {"type": "resize", "h": 240},
    None,
    "close",
]


def test_the_hotlines_page_is_greeted_once_with_nothing_about_anybody(reader: Reader) -> None:
    frame = reader.opens()
    assert frame.evaluate("heard") == [INIT]


def test_each_page_that_comes_into_the_frame_is_greeted_once(reader: Reader) -> None:
    reader.opens().evaluate("location.reload()")
    reader.frame.wait_for_function(
        "globalThis.reloaded ??= performance.getEntriesByType('navigation')[0].type === 'reload'"
    )
    reader.frame.wait_for_function("heard.length")
    reader.page.wait_for_timeout(100)
    assert reader.frame.evaluate("heard") == [INIT]
    reader.says({"type": "error", "code": "second"})
    reader.page.wait_for_function("told.length === 2")
    assert reader.told == ["open", "error second"]


def test_another_origin_in_the_frame_hears_nothing(reader: Reader, stranger: Origin) -> None:
    stranger.papers["/"] = Paper(EAVESDROPPER)
    frame = reader.opens()
    reader.page.evaluate("document.querySelector('report-abuse').context = 'a.b.c'")
    frame.evaluate("url => { location.href = url }", stranger.url)
    frame.wait_for_url(f"{stranger.url}/")
    frame.wait_for_load_state()
    reader.page.evaluate("document.documentElement.lang = 'it'")
    reader.page.wait_for_timeout(200)
    assert frame.evaluate("heard") == []


def test_a_window_that_is_not_the_hotlines_is_not_heard(readers: Readers, stranger: Origin, hotline: Service) -> None:
    """Another frame, a pop-up's place, the page itself: they have no port, and a window's messages are not read."""
    stranger.papers["/"] = Paper(EAVESDROPPER)
    reader = readers.one(f'{readers.tag()}<iframe src="{stranger.url}" title="elsewhere"></iframe>')
    elsewhere = reader.page.frames[1]
    reader.button.click()
    reader.page.frame_locator("dialog iframe").get_by_role("heading").wait_for()
    ours = next(frame for frame in reader.page.frames if frame.url.startswith(hotline.url))
    for frame in (elsewhere, ours):
        frame.evaluate("messages => messages.forEach((message) => parent.postMessage(message, '*'))", FORGED)
    reader.page.evaluate("messages => messages.forEach((message) => postMessage(message, '*'))", FORGED)
    reader.page.wait_for_timeout(200)
    assert reader.told == ["open"]
    assert reader.is_open


def test_the_page_is_told_that_and_never_what(reader: Reader) -> None:
    reader.page.evaluate("addEventListener('report-abuse:submitted', ({ detail }) => { globalThis.detail = detail })")
    reader.opens()
    reader.says({"type": "submitted", "receipt": "0000-0000-0000-0000", "what": "An adult asks for a secret."})
    reader.says({"type": "error", "code": "An adult asks for a secret."})
    reader.says({"type": "error", "code": "unavailable", "what": "An adult asks for a secret."})
    reader.says({"type": "step", "n": 3})
    reader.frame.evaluate("[null, 1, 'close', [], { type: 'toString' }].forEach((odd) => port.postMessage(odd))")
    reader.says({"type": "close"})
    reader.waits_until_closed()
    assert reader.told == ["open", "submitted", "error unknown", "error unavailable", "close"]
    assert reader.page.evaluate("detail") is None


def test_after_the_dialog_is_closed_nothing_is_heard(reader: Reader) -> None:
    frame = reader.opens()
    frame.evaluate("""() => {
      port.postMessage({ type: "close" });
      port.postMessage({ type: "submitted" });
    }""")
    reader.waits_until_closed()
    reader.page.wait_for_timeout(100)
    assert reader.told == ["open", "close"]


def test_a_token_is_asked_for_after_the_click_and_once(reader: Reader, hotline: Service) -> None:
    reader.page.evaluate(
        """token => {
      globalThis.asked = 0;
      document.querySelector("report-abuse").context = async () => (asked += 1, token);
    }""",
        TOKEN,
    )
    reader.page.wait_for_timeout(100)
    assert reader.page.evaluate("asked") == 0
    reader.opens()
    reader.frame.wait_for_function("heard.length === 2")
    assert reader.frame.evaluate("heard") == [INIT, {"type": "context", "jwt": TOKEN}]
    reader.frame.evaluate("location.reload()")
    reader.frame.wait_for_function(
        "performance.getEntriesByType('navigation')[0].type === 'reload' && heard.length === 2"
    )
    assert reader.page.evaluate("asked") == 1
    reader.page.evaluate("history.back()")
    reader.waits_until_closed()
    reader.opens()
    assert reader.page.evaluate("asked") == 2, "a token of the last time would be too old"
    assert TOKEN not in str([asked.query for asked in hotline.asked])


def test_a_token_may_be_there_before_the_script(readers: Readers) -> None:
    early = f"<script>document.querySelector('report-abuse').context = '{TOKEN}'</script>"
    reader = readers.one(readers.tag() + early)
    reader.opens().wait_for_function("heard.length === 2")
    assert reader.frame.evaluate("heard[1]") == {"type": "context", "jwt": TOKEN}


def test_no_token_keeps_nobody_from_reporting(reader: Reader) -> None:
    for context in (
        "undefined",
        "null",
        "''",
        "() => {}",
        "() => { throw 1 }",
        "() => Promise.reject(1)",
        "() => new Promise(() => {})",
    ):
        reader.page.evaluate(f"void (document.querySelector('report-abuse').context = {context})")
        frame = reader.opens()
        assert frame.evaluate("heard") == [INIT]
        reader.page.keyboard.press("Escape")
        reader.waits_until_closed()
        reader.page.wait_for_function("!history.state")
    assert reader.told.count("error context") == 2
    assert reader.said == []
