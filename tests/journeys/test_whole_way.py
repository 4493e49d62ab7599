"""The whole way of a report: a child tells on a phone without scripts, staff read the same words and decide."""

import pytest

from tests.browser.visitor import Door
from tests.journeys.product import Product
from tests.journeys.stories import STORIES, Story, whole_way


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_a_report_goes_from_a_phone_to_a_disposition(door: Door, product: Product, story: Story) -> None:
    assert whole_way(door, product, story)
