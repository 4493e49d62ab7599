"""The instruments see what they are there to see: a check that cannot fail would be worse than none."""

import pytest
from playwright.sync_api import Browser

from tests.browser.lens import Lens
from tests.browser.visitor import Door, Seen

SITE = "http://hotline.test"
HEADERS = {"cache-control": "no-store", "content-security-policy": "default-src 'none'; img-src *"}


def a_page(content: str = "", head: str = "") -> Seen:
    html = (
        f'<!doctype html><html lang="en"><head><title>A page</title>{head}</head>'
        f"<body><main><h1>A page</h1>{content}</main></body></html>"
    )
    return Seen(f"{SITE}/", 200, html)


def in_dark(rule: str) -> str:
    return f"<style>@media (prefers-color-scheme: dark) {{ {rule} }}</style>"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (a_page('<p><img src="/a.svg"></p>'), "light: image-alt"),
        (a_page('<p style="color: #777; background: #888">Pale words</p>'), "light: color-contrast"),
        (a_page("<p>Words</p>", in_dark("p { color: #222; background: #111 }")), "dark: color-contrast"),
    ],
)
def test_axe_sees_what_some_cannot_read(lens: Lens, page: Seen, found: str) -> None:
    assert [finding for finding in lens.findings(page) if found in finding]
    assert not lens.findings(a_page())


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (a_page('<p style="inline-size: 400px">Wide</p>'), "px wide in a window of 320"),
        (a_page('<button style="inline-size: 20px; block-size: 30px; padding: 0">x</button>'), "20 x 30 px"),
        (a_page('<p style="white-space: nowrap">A line of almost forty letters here.</p>'), "with more space: "),
        (a_page('<p style="white-space: nowrap">A line of almost forty letters here.</p>'), "with large letters: "),
    ],
)
def test_the_ruler_sees_what_does_not_fit(lens: Lens, page: Seen, found: str) -> None:
    assert [finding for finding in lens.findings(page) if found in finding]
    assert not lens.findings(a_page())


@pytest.mark.parametrize(
    ("content", "headers", "what"),
    [
        ('<img src="http://elsewhere.test/a.svg" alt="">', {}, "another host was asked"),
        ('<p style="color: red">Red</p>', {}, "breaks its own policy"),
        ("", {"set-cookie": "seen=1"}, "a cookie"),
        ("", {"cache-control": "max-age=60"}, "may be kept"),
    ],
)
def test_a_visitor_notices_what_must_not_happen(
    browser: Browser, content: str, headers: dict[str, str], what: str
) -> None:
    with pytest.raises(AssertionError, match=what):
        _visit(Door(browser, SITE, "", []), a_page(content), HEADERS | headers)


def _visit(door: Door, page: Seen, headers: dict[str, str]) -> None:
    with door.visitor() as visitor:
        visitor.context.route("**/*", lambda route: route.fulfill(body=page.html, headers=headers))
        visitor.goes_to(page.url)
