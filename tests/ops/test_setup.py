"""What `make run` and `make test` install: the same everywhere, from whichever registry a machine is given."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from core.settings import ROOT

LOCKS = [ROOT / "ops/locks/run.txt", ROOT / "ops/locks/test.txt"]
PIN = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_hash_and_no_place_is_named(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text())
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--index|--find-links|/(home|root|tmp|work|opt)/", lock.read_text())


def test_tests_run_with_what_is_served() -> None:
    run, test = (dict(PIN.findall(lock.read_text())) for lock in LOCKS)
    assert run.items() <= test.items()


def test_what_the_project_names_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["embedded"]]
    names = {re.split(r"[\[~=<>]", line)[0] for line in wanted}
    assert names <= dict(PIN.findall(LOCKS[0].read_text())).keys()


def test_every_target_explains_itself() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^([a-z]+):", makefile, re.MULTILINE):
        assert f"make {target}" in listed


@pytest.mark.skipif(not (ROOT / ".venv/installed.json").exists(), reason="not installed by make")
def test_what_is_installed_is_not_installed_again() -> None:
    again = subprocess.run(
        [sys.executable, "-I", ROOT / "ops/install.py", "run"], capture_output=True, text=True, timeout=10, check=True
    )
    assert again.stdout == ""
