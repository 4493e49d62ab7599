"""Servers of this folder's own: they are killed, and no other test should have to notice."""

from collections.abc import Iterator

import pytest

from tests.faults.ground import Ground
from tests.faults.nursery import Nursery


@pytest.fixture(scope="package")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.fixture(scope="package")
def ground(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground(tmp_path_factory.mktemp("ground"), nursery) as ground:
        yield ground
