"""How long somebody waits for the tab after the click: `python -m tests.browser.paint`.

The time from the click in the messenger's page to the frame's first contentful paint (W3C Paint Timing), each in a
fresh browser context over the loopback, beside the time that the frame's page itself took to arrive.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Frame
from rich.console import Console
from rich.table import Table

from core.settings import Settings
from tests.browser.chromium import PHONE, chromium
from tests.browser.install import install
from tests.browser.kit import Kit
from tests.journeys.product import messenger_beside, running

TIMES = 20
NOW = "performance.timeOrigin + performance.now()"
PAINTED = """() => new Promise((resolve) => new PerformanceObserver((seen) => {
  const [paint] = seen.getEntriesByName("first-contentful-paint");
  if (paint) resolve(performance.timeOrigin + paint.startTime);
}).observe({type: "paint", buffered: true}))"""
ARRIVED = "performance.getEntriesByType('navigation')[0].responseEnd"


def main() -> None:
    kit = install(Kit.of(Settings.from_environ()))
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), ("intake",)) as product,
        messenger_beside(product) as address,
        chromium(kit) as browser,
    ):
        waits, arrivals = zip(*(wait(browser, address) for _ in range(TIMES)), strict=True)
    table = Table("after the click", "median ms", "slowest ms", title=f"The tab, {TIMES} times")
    for name, times in (("first paint in the frame", waits), ("of this, its page to arrive", arrivals)):
        table.add_row(name, f"{statistics.median(times):.0f}", f"{max(times):.0f}")
    Console().print(table)


def wait(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds from the click to the first paint in the frame, and until the frame's page had arrived."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(address)
    button = page.locator("report-abuse").first.locator("button").first
    clicked = float(page.evaluate(NOW))
    with page.expect_event("framenavigated", predicate=_is_ours) as navigated:
        button.click()
    frame: Frame = navigated.value
    painted, arrived = float(frame.evaluate(PAINTED)), float(frame.evaluate(ARRIVED))
    context.close()
    return painted - clicked, arrived


def _is_ours(frame: Frame) -> bool:
    return "/embed/" in frame.url


if __name__ == "__main__":
    main()
