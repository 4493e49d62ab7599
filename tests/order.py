"""In which order tests run, and what one of two workers runs by itself.

What has a browser comes first and stays together: it takes longest, shares one running product, and the last of it
looks at every page that the others saw. While a browser is open no other loop can run in its thread, so it is closed
before anything else begins.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/widget/", "tests/journeys/")
FIRST = (*TOGETHER, "tests/journeys/test_html.py", "tests/faults/")


class Files(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """A worker takes a file at a time, and all that has a browser as if it were one."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith(TOGETHER) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Files:
    config.option.loadscopereorder = False
    return Files(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """The last line of FIRST that it is in counts; all others come after those."""
    return max((place for place, at in enumerate(FIRST) if item.nodeid.startswith(at)), default=len(FIRST))
