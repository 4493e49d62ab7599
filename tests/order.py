"""In which order tests run, and what one of two workers runs by itself.

What has a browser comes first and stays together: it takes longest, shares one running product, and the last of it
looks at every page that the others saw. While a browser is open no other loop can run in its thread, so it is closed
before anything else begins.
"""

import pytest

TOGETHER = ("tests/widget/", "tests/journeys/")
FIRST = (*TOGETHER, "tests/journeys/test_html.py", "tests/faults/")


def pytest_itemcollected(item: pytest.Item) -> None:
    """A worker takes a file at a time, and all that has a browser as if it were one."""
    place = item.nodeid
    item.add_marker(pytest.mark.xdist_group("browser" if place.startswith(TOGETHER) else place.partition("::")[0]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """The last line of FIRST that it is in counts; all others come after those."""
    return max((place for place, at in enumerate(FIRST) if item.nodeid.startswith(at)), default=len(FIRST))
