"""Messengers with strict policies, and pages that nobody listed."""

import pytest

from tests.widget.origins import HTML, Origin, Paper
from tests.widget.reader import Readers
from tests.widget.service import Service

STRICT = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src {script}; frame-src {hotline}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
BROKEN = "addEventListener('securitypolicyviolation', (event) => broken.push(event.violatedDirective))"


@pytest.mark.parametrize("script", ["'nonce-b3Blbg'", "'nonce-b3Blbg' 'strict-dynamic'", "{hotline}"])
def test_a_strict_policy_is_kept(readers: Readers, hotline: Service, messenger: Origin, script: str) -> None:
    policy = STRICT.format(script=script.format(hotline=hotline.url), hotline=hotline.url)
    page = readers.page(readers.tag(accent="#123456", placement="end-bottom"), nonce="b3Blbg")
    reader = readers.one()
    messenger.papers["/strict"] = Paper(page, HTML, {"content-security-policy": policy})
    reader.page.add_init_script(f"globalThis.broken = []; {BROKEN}")
    reader.said.clear()
    reader.page.goto(f"{messenger.url}/strict")
    reader.opens()
    assert reader.style(reader.button, "backgroundColor") == "rgb(18, 52, 86)"
    reader.says({"type": "resize", "h": 400})
    reader.page.keyboard.press("Escape")
    reader.waits_until_closed()
    assert (reader.page.evaluate("broken"), reader.said) == ([], [])


def test_a_policy_without_the_frame_leaves_the_way_around(readers: Readers, hotline: Service) -> None:
    reader = readers.one(headers={"content-security-policy": f"frame-src 'none'; script-src {hotline.url}"})
    reader.page.clock.install()
    reader.button.click()
    reader.page.wait_for_timeout(200)
    reader.page.clock.fast_forward(9_000)
    reader.page.locator("dialog a").wait_for()
    assert "/embed/v1/frame" not in hotline.paths


def test_an_isolated_page_can_have_it(readers: Readers) -> None:
    isolated = {"cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin"}
    reader = readers.one(headers=isolated)
    assert reader.page.evaluate("crossOriginIsolated")
    reader.opens()


def test_a_page_that_is_not_listed_shows_nothing(readers: Readers, stranger: Origin) -> None:
    reader = readers.one(at=stranger)
    reader.button.click()
    reader.page.wait_for_timeout(500)
    assert not reader.page.locator("iframe").is_visible()
    assert reader.told == ["open"]
    assert [line for line in reader.said if "frame-ancestors" in line]
    reader.page.get_by_role("button", name="Close").click()
    reader.waits_until_closed()


def test_a_partner_that_is_not_there_shows_the_same_nothing(readers: Readers) -> None:
    reader = readers.one(readers.tag(partner="nobody"))
    reader.button.click()
    reader.page.wait_for_timeout(500)
    assert not reader.page.locator("iframe").is_visible()
    assert reader.told == ["open"]
