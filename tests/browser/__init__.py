"""A browser for the tests: how it is installed, started, watched, and what looks at its pages."""

import pytest

pytest.register_assert_rewrite("tests.browser.visitor")
