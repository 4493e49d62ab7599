"""Somebody who reads a messenger's page with the tab in it."""

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page

from tests.browser.chromium import DESKTOP, PHONE
from tests.widget.origins import HTML, Origin, Paper
from tests.widget.service import Service

WINDOWS = {"phone": PHONE, "desktop": DESKTOP}
EVENTS = ("open", "close", "submitted", "error")
LISTEN = """{
  globalThis.told = [];
  for (const name of %s)
    addEventListener(`report-abuse:${name}`, ({ detail }) => told.push(detail ? `${name} ${detail.code}` : name));
}""" % list(EVENTS)  # noqa: UP031  # braces are JavaScript's here


class Reader:
    """One window. `page` is the messenger's."""

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.button = self.page.get_by_role("button", name=name).first
        self.dialog = self.page.get_by_role("dialog")
        self.page.on("console", lambda line: self.said.append(line.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    @property
    def told(self) -> list[str]:
        """The events that the page received, with their code."""
        told: list[str] = self.page.evaluate("told")
        return told

    @property
    def frame(self) -> Frame:
        """The hotline's page in the dialog."""
        frame = self.page.frames[-1]
        assert frame != self.page.main_frame
        return frame

    @property
    def is_open(self) -> bool:
        """By what a screen reader hears and by what is seen."""
        expanded = self.page.locator("report-abuse button[aria-expanded=true]").count() == 1
        assert expanded == self.dialog.is_visible()
        return expanded

    def box(self, what: Locator | None = None) -> dict[str, int]:
        """Where it is in the window, in whole CSS pixels; the dialog, if nothing is named."""
        box = (what or self.dialog).bounding_box()
        assert box, "it is not shown"
        return {
            "x": round(box["x"]),
            "y": round(box["y"]),
            "width": round(box["width"]),
            "height": round(box["height"]),
        }

    def style(self, what: Locator, name: str, part: str = "") -> str:
        """A computed style; `part` is a pseudo-element."""
        asked = "(what, [name, part]) => getComputedStyle(what, part || null)[name]"
        return str(what.evaluate(asked, [name, part]))

    def waits_until_closed(self) -> None:
        self.dialog.wait_for(state="hidden")
        self.page.locator("report-abuse button[aria-expanded=true]").wait_for(state="detached")

    def opens(self) -> Frame:
        """Press the button, and wait until the hotline's page shows."""
        self.button.click()
        self.page.frame_locator("iframe").get_by_role("heading").wait_for()
        return self.frame

    def is_at(self, wanted: Locator) -> bool:
        """Whether the keyboard is there, inside a shadow too."""
        return bool(wanted.evaluate("wanted => wanted.matches(':focus')"))

    def says(self, message: Mapping[str, object]) -> None:
        """The hotline's page says something to the messenger's."""
        self.frame.evaluate("message => port.postMessage(message)", message)


class Readers:
    """Everybody of one test; their windows are closed after it."""

    def __init__(self, browser: Browser, hotline: Service, messenger: Origin) -> None:
        self.browser, self.hotline, self.messenger = browser, hotline, messenger
        self.windows = ExitStack()

    def one(
        self,
        body: str = "",
        name: str = "Report abuse",
        at: Origin | None = None,
        headers: Mapping[str, str] | None = None,
        **window: Any,
    ) -> Reader:
        """Reads a page whose body is that; without one, a button alone."""
        place = at or self.messenger
        place.papers["/"] = Paper(self.page(body or self.tag()), HTML, headers or {})
        context = self.browser.new_context(**({"viewport": PHONE, "locale": "en", "reduced_motion": "reduce"} | window))
        context.set_default_timeout(5_000)
        self.windows.callback(context.close)
        context.add_init_script(LISTEN)
        reader = Reader(context, name)
        reader.page.goto(place.url)
        return reader

    def page(self, body: str, nonce: str = "") -> str:
        """A whole page; `body` may bring its own <html>."""
        script = f'<script type="module" nonce="{nonce}" src="{self.hotline.url}/embed/v1/tab.js"></script>'
        start = "" if body.startswith("<html") else '<html lang="en">'
        return (
            f"<!doctype html>{start}<meta name=viewport content='width=device-width'><title>Chat</title>{script}{body}"
        )

    def tag(self, text: str = "Report abuse", **attributes: str) -> str:
        """The element with its link; `font_scale` is written `font-scale`."""
        given = {"partner": "acme", **attributes}
        written = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in given.items())
        return f'<report-abuse {written}><a href="{self.hotline.url}/p/acme">{text}</a></report-abuse>'

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.windows.close()
