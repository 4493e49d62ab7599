"""The console, served once for all tests; each empties the tables first."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from core.db import connect
from core.keys import ConsoleKeys
from core.settings import Settings
from ops.staff import NewStaff
from tests.triage.analyst import Browser, NewBrowser, hire, serving
from triage.console.asgi import create_app


@pytest.fixture(scope="session")
def console(deployment: Settings) -> Iterator[str]:
    """Its address."""
    assert deployment.console_database_url
    engine = connect(deployment.console_database_url, pool=16)
    # The application disposes of the engine when it ends.
    with serving(create_app(deployment, ConsoleKeys.read(deployment.keys_dir), engine)) as address:
        yield address


@pytest.fixture
def ana(settings: Settings, owner: Engine) -> NewStaff:
    """An analyst of the home agency."""
    return hire(owner, settings)


@pytest.fixture
def new_browser(settings: Settings, console: str) -> Iterator[NewBrowser]:
    """As many as one likes; nobody is logged in."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(Browser(console))


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


@pytest.fixture
def at_work(browser: Browser, ana: NewStaff) -> Browser:
    """Ana is logged in."""
    assert browser.log_in(ana).status_code == 303
    return browser
