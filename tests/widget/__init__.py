"""The tab in pages of other origins, seen from their side."""

import pytest

pytest.register_assert_rewrite("tests.widget.reader", "tests.widget.messenger")
