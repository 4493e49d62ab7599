"""Someone at a screen, and what every page they are shown must keep to."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, ViewportSize

from tests.browser.chromium import PHONE

_ID = re.compile(r"[0-9a-f-]{36}")
_PARTS = re.compile(r'class="([^"]*)"')
_STEP = re.compile(r'name="page" value="(\w+)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as the server sent it."""

    url: str
    status: int
    html: str

    @property
    def name(self) -> str:
        """Where it is and what became of it; not whose case it is about."""
        return f"{_ID.sub('…', urlsplit(self.url).path)} ({self.status})"

    @property
    def kind(self) -> Hashable:
        """The same for pages made of the same parts."""
        return self.name, frozenset(_PARTS.findall(self.html))


def alike(pages: Iterable[Seen]) -> list[Seen]:
    """One page of each step of the journey that is made of the same parts as one of the `kinds`."""
    pages = list(pages)
    steps = {(page.name, found[1]): page for page in pages if (found := _STEP.search(page.html))}
    return [page for page in steps.values() if page not in kinds(pages)]


def kinds(pages: Iterable[Seen]) -> list[Seen]:
    """One page of each kind, the last."""
    return list({page.kind: page for page in pages}.values())


@dataclass(frozen=True, eq=False)
class Door:
    """Where visitors come in. `public` and `console` are origins; all pages that anybody sees end up in `seen`."""

    browser: Browser
    public: str
    console: str
    seen: list[Seen]

    @contextmanager
    def visitor(
        self, viewport: ViewportSize = PHONE, language: str = "en", scripts: bool = False
    ) -> Iterator["Visitor"]:
        context = self.browser.new_context(viewport=viewport, locale=language, java_script_enabled=scripts)
        visitor = Visitor(context, self)
        yield visitor
        visitor.leaves()


@dataclass
class Visitor:
    """One browser context with one page."""

    context: BrowserContext
    door: Door
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    fetched: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", lambda line: self.said.append(line.text))
        self.context.on("response", self._keep_fetched)
        self.page: Page = self.context.new_page()

    def goes_to(self, url: str) -> Seen:
        return self.arrives(lambda: self.page.goto(url))

    def clicks(self, what: Locator | str) -> Seen:
        """Something that leads to another page."""
        return self.arrives((self.page.locator(what) if isinstance(what, str) else what).click)

    def presses(self, key: str) -> Seen:
        return self.arrives(lambda: self.page.keyboard.press(key))

    def arrives(self, act: Callable[[], object]) -> Seen:
        """Do what leads to another page, and look at the page."""
        with self.page.expect_navigation() as arrival:
            act()
        response: Response | None = arrival.value  # none when a script put the page in place
        response = response or self.fetched[-1]
        seen = Seen(response.url, response.status, response.text())
        self._look_at(response)
        self.door.seen.append(seen)
        return seen

    def _look_at(self, response: Response) -> None:
        headers = response.all_headers()
        assert headers["cache-control"] == "no-store", "a page may be kept"
        assert "default-src 'none'" in headers["content-security-policy"], "a page may load anything"
        assert "set-cookie" not in headers or origin(response.url) != self.door.public, "a public page sets a cookie"
        assert self.page.title().strip(), "a page has no title"
        assert self.page.locator("h1").count() == 1, "a page has not one heading"

    def _keep_fetched(self, response: Response) -> None:
        """Pages that a script asked for and put in place of the one before."""
        if response.request.resource_type == "xhr":
            self.fetched.append(response)

    def leaves(self) -> None:
        """Close everything. Fails for what must not have happened on the way."""
        cookies = self.context.cookies(self.door.public)
        self.context.close()
        asked = {origin(url) for url in self.asked}
        assert asked <= {self.door.public, self.door.console}, "another host was asked"
        assert self.door.console in asked or not cookies, "a public page left a cookie"
        assert not [text for text in self.said if "Content Security Policy" in text], "a page breaks its own policy"


def origin(url: str) -> str:
    """`http://127.0.0.1:8000`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
