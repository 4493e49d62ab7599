"""Axe, on the messenger's page: with the button, and with the dialog open."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.lens import CONFORMANCE
from tests.widget.reader import WINDOWS, Readers
from tests.widget.test_button import WORDS

OPTIONS = json.dumps({"runOnly": CONFORMANCE, "resultTypes": ["violations"], "iframes": False})
CASES = [
    ("en", "phone", "light", "auto"),
    ("en", "desktop", "dark", "auto"),
    ("ar", "phone", "dark", "auto"),
    ("ar", "desktop", "light", "high-contrast"),
]


@pytest.mark.parametrize(("language", "window", "scheme", "theme"), CASES)
def test_axe_finds_nothing(readers: Readers, language: str, window: str, scheme: str, theme: str) -> None:
    direction = "rtl" if language == "ar" else "ltr"
    tags = readers.tag(theme=theme) + readers.tag(theme=theme, placement="end-bottom", accent="#c0a0e0")
    page = f'<html lang="{language}" dir="{direction}"><main><h1>1</h1>{tags}</main>'
    reader = readers.one(page, WORDS[language], viewport=WINDOWS[window], color_scheme=scheme)
    reader.page.evaluate(AXE_SCRIPT)
    found = reader.page.evaluate(f"axe.run({OPTIONS})")["violations"]
    reader.opens()
    found += reader.page.evaluate(f"axe.run({OPTIONS})")["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
