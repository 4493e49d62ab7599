"""What people do, from their first page to the last, with a real browser and real processes."""

import pytest

pytest.register_assert_rewrite("tests.journeys.people", "tests.journeys.stories")
