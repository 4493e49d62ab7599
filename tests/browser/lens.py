"""A rendered page looked at closely: by axe, and with a ruler.

Visitors have no scripts, axe is one. So what a visitor was shown is shown again, byte for byte, in a window of
its own where scripts may run.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Route, ViewportSize

from tests.browser.chromium import NARROW, PHONE
from tests.browser.visitor import Seen

CONFORMANCE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What can differ between light and dark."""

RULER = Path(__file__).with_name("ruler.js").read_text()
LEAST = 24
"""CSS pixels that a target must have each way (WCAG 2.5.8)."""

SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }
"""
LARGE = "html { font-size: 200% !important }"
WAYS_TO_READ = [("with large letters", PHONE, LARGE), ("narrow", NARROW, ""), ("with more space", NARROW, SPACED)]
"""What readers set for themselves (WCAG 1.4.10, 1.4.12, 1.4.4)."""


class Lens:
    """One window for many pages."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(viewport=PHONE, bypass_csp=True, reduced_motion="reduce")
        self.context.add_init_script(AXE_SCRIPT)  # sent once: it is larger than all the pages
        self.page = self.context.new_page()
        self.page.route("**/*", self._serve)
        self._shown: Seen | None = None

    def findings(self, seen: Seen) -> list[str]:
        """What axe says of this page on a phone, light and dark, and what does not fit a narrow window or a finger."""
        self._shown = seen
        self.page.set_viewport_size(PHONE)
        self.page.goto(seen.url)
        said = [*self._axe("light", CONFORMANCE), *self._axe("dark", COLOURS)]
        measured = [f"{way}: {found}" for way, window, style in WAYS_TO_READ for found in self._measured(window, style)]
        return [f"{seen.name}, {finding}" for finding in (*said, *measured)]

    def glance(self, seen: Seen) -> list[str]:
        """The same for a page that differs from another in its words only: what its words can change."""
        self._shown = seen
        self.page.set_viewport_size(PHONE)
        self.page.goto(seen.url)
        said = [*self._axe("light", CONFORMANCE), *self._measured(NARROW, SPACED)]
        return [f"{seen.name}, {finding}" for finding in said]

    def close(self) -> None:
        self.context.close()

    def _axe(self, scheme: Any, rules: Mapping[str, object]) -> Iterator[str]:
        self.page.emulate_media(color_scheme=scheme)
        options = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
        for violation in self.page.evaluate(f"axe.run({options})")["violations"]:
            for node in violation["nodes"]:
                yield f"{scheme}: {violation['id']} at {node['target']}: {node['failureSummary']}"

    def _measured(self, window: ViewportSize, style: str) -> list[str]:
        if self.page.viewport_size != window:
            self.page.set_viewport_size(window)
        found: list[str] = self.page.evaluate(RULER, {"style": style, "least": LEAST})
        return found

    def _serve(self, route: Route) -> None:
        if self._shown and route.request.resource_type == "document":
            route.fulfill(body=self._shown.html, content_type="text/html; charset=utf-8")
        else:
            route.continue_()
