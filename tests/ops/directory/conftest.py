"""Rows of a list, and the command line beside this run's deployment."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from core.settings import Settings
from ops.cli import hotline

Run = Callable[..., Result]


def a_row(code: str = "fr-line", **told: object) -> dict[str, object]:
    return {"code": code, "country": "FR", "name": "A line", "kind": "hotline", "source": "a test"} | told


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`hotline agency ...`; what can be explained is in `exception`."""
    for name in ("var", "database_url", "redis_url"):
        monkeypatch.setenv(f"HOTLINE_{name.upper()}", getattr(settings, name))
    return lambda *arguments: CliRunner().invoke(hotline, ["agency", *arguments])
