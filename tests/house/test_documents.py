"""What the documents say is so."""

import re
import tomllib
from pathlib import Path

import pytest
from dramatiq.brokers.stub import StubBroker

from core.broker import Bell
from core.settings import ROOT
from ops.cli import hotline
from triage import actors

README = (ROOT / "README.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
PACKAGES = [*PROJECT["dependencies"], *EXTRAS["embedded"], *EXTRAS["test"]]
OURS = ("core", "intake", "triage", "ops", "docs", "data", "widget")
SOURCES = {".py", ".md", ".html", ".js", ".jsx", ".ts"}
LINKS = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("package", sorted(re.split(r"[\[~=<>]", name)[0] for name in PACKAGES))
def test_the_readme_says_what_each_dependency_is_for(package: str) -> None:
    assert package.removeprefix("pytest-") in README


@pytest.mark.parametrize(
    "document", ["README.md", "widget/README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_every_file_a_document_names_is_there(document: str) -> None:
    folder = (ROOT / document).parent
    missing = [link for link in LINKS.findall((ROOT / document).read_text()) if not (folder / link).exists()]
    assert missing == []


def test_one_reports_walk_names_the_files_it_passes() -> None:
    walk = README.partition("## One report's way")[2].partition("\n## ")[0]
    assert len(set(LINKS.findall(walk))) >= 12


def test_every_command_has_help() -> None:
    for name in hotline.list_commands(None):  # type: ignore[arg-type]  # the group does not look at its context
        command = hotline.get_command(None, name)  # type: ignore[arg-type]
        assert command and command.get_short_help_str()


def test_every_bell_has_an_actor_and_every_actor_a_bell() -> None:
    broker = StubBroker()
    actors.declare(broker, lambda: None)
    actors.declare_couriers(broker, lambda: None, lambda: None)
    queues = broker.get_declared_queues() - broker.get_declared_delay_queues()
    assert broker.get_declared_actors() == queues == set(Bell)


def test_no_path_of_one_machine_is_in_the_project() -> None:
    machine = re.compile(r"(/root/|/home/\w+/|/tmp/\w+)")
    texts = [path for folder in OURS for path in (ROOT / folder).rglob("*") if "node_modules" not in path.parts]
    found = [path for path in texts if path.suffix in SOURCES and machine.search(path.read_text())]
    assert found == []


def test_the_licence_is_named_and_there() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in Path(ROOT / "LICENSE").read_text()
