"""How long somebody waits for the tab after the click: the part of `make bench` that needs a browser.

The time from the click in the messenger's page to the frame's first contentful paint (W3C Paint Timing), each in a
fresh browser context over the loopback, beside the time that the frame's page itself took to arrive.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Frame

from core.settings import Settings
from ops.bench.figure import Figure, keep_too, show, shown
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
    """Print the figures, and keep them with the others in var/bench.json."""
    settings = Settings.from_environ()
    figures = list(measure(install(Kit.of(settings))))
    show(figures)
    keep_too(figures, settings.var_dir / "bench.json")


def measure(kit: Kit) -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), ("intake",)) as product,
        messenger_beside(product) as address,
        chromium(kit) as browser,
    ):
        waits, arrivals = zip(*(wait(browser, address) for _ in range(TIMES)), strict=True)
    arrival = statistics.median(arrivals)
    yield shown(f"tab: first paint after the click, median of {TIMES}", statistics.median(waits), "ms", arrival)
    yield shown("tab: the same, slowest", max(waits), "ms", max(arrivals))


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
