"""What goes wrong on the form is told, and nothing that was typed is lost."""

import pytest

from core.ids import crockford  # noqa: F401
from tests.browser.visitor import Visitor
from tests.journeys.people import SEND, focused, receipt_on, tell

SECRET = "An adult asked me to keep a secret. 😊"


@pytest.mark.parametrize("language", ["en", "it", "ar"])
def test_an_empty_form_comes_back_with_its_problems_first(phone: Visitor, language: str) -> None:
    form = phone.goes_to(f"{phone.door.public}/{language}/report")
    title = phone.page.title()
    assert phone.clicks(SEND).status == 422
    assert phone.page.title() != title and title in phone.page.title()
    assert focused(phone.page) == "problem"
    for link in phone.page.locator("#problem a").all():
        link.click()
        assert focused(phone.page) == (link.get_attribute("href") or "").removeprefix("#")
    del form
