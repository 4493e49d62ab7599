"""What goes wrong on the form is told first, and nothing that was typed is lost."""

import time

import pytest

from core.keys import IntakeKeys
from core.web.locale import read_languages
from intake.tokens import issue
from tests.browser.visitor import Visitor
from tests.journeys.people import LANGUAGES, SEND, at, carried, focused, receipt_on, tell
from tests.journeys.product import Product

CATALOGUES = read_languages()
SECRET = 'An adult asked me to keep a secret.\n<b>Not</b> even & my "mum" may know. 😊'
TWO_DAYS_MS = 48 * 60 * 60 * 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_form_leads_to_what_is_missing(phone: Visitor, language: str) -> None:
    phone.goes_to(f"{phone.door.public}/{language}/report")
    tell(phone)
    error = CATALOGUES[language].gettext("Error: %(title)s").partition("%")[0]
    assert phone.clicks(SEND).status == 422
    assert phone.page.title().startswith(error)
    assert at(phone.page) == "what"
    assert focused(phone.page) == "problem"
    links = phone.page.locator("#problem a").all()
    assert links
    for link in links:
        link.click()
        assert f"#{focused(phone.page)}" == link.get_attribute("href")


def test_a_problem_stands_beside_its_field_too(phone: Visitor) -> None:
    phone.goes_to(f"{phone.door.public}/en/report")
    tell(phone, country="IT", phone="call me at 01632 960 001")
    phone.clicks(SEND)
    assert phone.page.title().startswith("Error: ")
    what = phone.page.get_by_label("What happened?")
    assert what.get_attribute("aria-invalid") == "true"
    described_by = (what.get_attribute("aria-describedby") or "").split()
    told = [phone.page.locator(f"#{id}").inner_text() for id in described_by]
    assert phone.page.locator("#problem a").inner_text() in told
    assert carried(phone.page, "country") == "IT"
    assert carried(phone.page, "phone") == "call me at 01632 960 001"


@pytest.mark.parametrize("kind", ["unknown", "expired"])
def test_a_form_that_cannot_be_taken_keeps_its_text(phone: Visitor, product: Product, kind: str) -> None:
    phone.goes_to(f"{phone.door.public}/en/report")
    tell(phone, what=SECRET, danger="unsure", link="a name in a game")
    _make_token(phone, product, kind)
    refused = phone.clicks(SEND)
    assert refused.status in (400, 422)
    assert carried(phone.page, "what") == SECRET
    assert carried(phone.page, "link") == "a name in a game"
    assert carried(phone.page, "danger") == "unsure"
    assert phone.clicks(SEND).status == 200
    assert receipt_on(phone.page)


def test_the_same_form_sent_again_shows_the_same_receipt(phone: Visitor) -> None:
    phone.goes_to(f"{phone.door.public}/en/report")
    tell(phone, what=SECRET)
    phone.clicks(SEND)
    receipt = receipt_on(phone.page)
    phone.arrives(phone.page.reload)
    assert receipt_on(phone.page) == receipt


def _make_token(visitor: Visitor, product: Product, kind: str) -> None:
    then = time.time_ns() // 1_000_000 - TWO_DAYS_MS
    expired = issue(IntakeKeys.read(product.settings.keys_dir).form, then)
    token = expired if kind == "expired" else "made by somebody else"
    visitor.page.locator("[name=token]").evaluate("(field, token) => field.value = token", token)
