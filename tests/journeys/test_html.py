"""The Nu checker over every page that the journeys saw. It runs after all of them, once."""

from pathlib import Path

from tests.browser.kit import Kit
from tests.browser.nu import complaints
from tests.browser.visitor import Seen, Visitor

BROKEN = Seen("a broken page", 200, '<!doctype html><html lang="en"><title>Broken</title><p>Words</section>')


def test_every_page_that_was_seen_is_valid_html(phone: Visitor, kit: Kit, seen: list[Seen], tmp_path: Path) -> None:
    phone.goes_to(f"{phone.door.public}/en/")  # alone, this test has seen nothing yet
    found = complaints(kit, [*seen, BROKEN], tmp_path)
    ours = [complaint for complaint in found if not complaint.startswith(BROKEN.name)]
    assert not ours, "\n".join(ours)
    assert found, "the checker sees nothing"
