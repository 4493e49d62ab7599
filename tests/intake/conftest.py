"""A public process that runs while a file of tests does, and a partner at its doors."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from core.settings import Settings
from tests.factories import a_partner
from tests.intake.doors import Server
from tests.processes import running, with_free_ports


@pytest.fixture(scope="module")
def served(deployment: Settings) -> Iterator[Settings]:
    """The settings of a running public process, its address among them."""
    settings = with_free_ports(deployment)
    with running(settings, "intake"):
        yield settings


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=15, trust_env=False) as client:
        yield client


@pytest.fixture
def server(served: Settings, settings: Settings, owner: Engine, client: httpx.Client) -> Server:
    """A new partner's server."""
    return Server(served.address, a_partner(settings, owner), client)


@pytest.fixture
def stranger(served: Settings, settings: Settings, owner: Engine, client: httpx.Client) -> Server:
    """Another partner's server."""
    return Server(served.address, a_partner(settings, owner, name="Southwind Chat"), client)
