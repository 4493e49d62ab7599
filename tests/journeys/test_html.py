"""The Nu checker over every page that the journeys saw. It runs after all of them."""

from pathlib import Path

from tests.browser.kit import Kit
from tests.browser.nu import complaints
from tests.browser.visitor import Seen, Visitor


def test_every_page_that_was_seen_is_valid_html(phone: Visitor, kit: Kit, seen: list[Seen], tmp_path: Path) -> None:
    phone.goes_to(f"{phone.door.public}/en/")  # alone, this test has seen nothing yet
    found = complaints(kit, seen, tmp_path)
    assert not found, "\n".join(found)
