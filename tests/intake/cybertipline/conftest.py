"""A real public process for the whole module, and an operator who knocks at it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from core.settings import Settings
from tests.factories import KnownPartner, a_partner
from tests.intake.cybertipline.operator import Operator, at_the_door
from tests.processes import running, with_free_ports


@pytest.fixture(scope="module")
def open_house(deployment: Settings) -> Iterator[Settings]:
    """The settings of a process that is running."""
    settings = with_free_ports(deployment)
    with running(settings, "intake"):
        yield settings


@pytest.fixture
def partner(settings: Settings, owner: Engine) -> KnownPartner:
    return a_partner(settings, owner)


@pytest.fixture
def operator(open_house: Settings, partner: KnownPartner) -> Iterator[Operator]:
    with at_the_door(open_house, partner) as knocking:
        yield knocking
