"""The npm package: small, sound, typed, and each release of it for ever the same."""

import base64
import gzip
import hashlib
import json
import re
import subprocess

import pytest
from click.testing import CliRunner

from ops.tab import tab
from tests.widget.origins import SCRIPT, Origin, Paper
from tests.widget.package import WIDGET, Package
from tests.widget.reader import Readers
from tests.widget.service import OPEN, Service

MOST_BYTES = 5 * 1024
MANIFEST = json.loads((WIDGET / "package.json").read_text())
PUBLISHED = json.loads((WIDGET / "releases/integrity.json").read_text())
LOCK = json.loads((WIDGET / "examples/package-lock.json").read_text())["packages"]
INSIDE = "node_modules/converse.js/src/log"
"""Comes inside the package of its name, whose hash is its own."""

LOAD = """async ([index, service, version]) => {
  const { loadReportAbuse } = await import(index);
  const [first, second] = [loadReportAbuse(service, { version }), loadReportAbuse(service, { version })];
  return first === second && (await first) === customElements.get("report-abuse");
}"""


def integrity(script: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def test_the_loader_is_small() -> None:
    assert len(gzip.compress((WIDGET / "tab.js").read_bytes(), 9, mtime=0)) <= MOST_BYTES


def test_the_loader_is_one_file_that_evaluates_nothing() -> None:
    script = (WIDGET / "tab.js").read_text()
    assert not re.search(
        r"\b(import\s*\(|import\s+[\w{*\"']|eval|Function\s*\(|innerHTML|fetch\s*\(|\.style\b)", script
    )
    assert not MANIFEST.get("dependencies")


def test_a_release_never_changes_and_the_newest_is_one() -> None:
    released = {path.parent.name: integrity(path.read_bytes()) for path in WIDGET.glob("releases/*/tab.js")}
    assert released == PUBLISHED
    assert released[MANIFEST["version"]] == integrity((WIDGET / "tab.js").read_bytes()), "it needs a version of its own"


def test_the_command_prints_the_integrity_of_every_release() -> None:
    facts = json.loads(CliRunner().invoke(tab, ["--json"]).output)
    assert facts["integrity"] == PUBLISHED[facts["version"]]
    printed = CliRunner().invoke(tab).output
    assert [hashed for hashed in PUBLISHED.values() if hashed not in printed] == []


def test_the_integrity_is_what_openssl_says() -> None:
    """The line of the README, for whoever does not believe ours."""
    line = re.search(r"^    (openssl .*)$", (WIDGET / "README.md").read_text(), re.MULTILINE)
    assert line
    said = subprocess.run(line[1], shell=True, cwd=WIDGET, capture_output=True, text=True, check=True)  # noqa: S602
    assert f"sha384-{said.stdout.strip()}" == PUBLISHED[MANIFEST["version"]]


def test_a_browser_takes_the_script_of_that_hash_and_no_other(
    readers: Readers, hotline: Service, messenger: Origin
) -> None:
    path, pinned = f"/embed/{MANIFEST['version']}/tab.js", PUBLISHED[MANIFEST["version"]]
    tag = f'<script type="module" src="{hotline.url}{path}" integrity="{pinned}" crossorigin></script>'
    for script, is_taken in (((WIDGET / "tab.js").read_text(), True), ("document.title = 'changed'", False)):
        hotline.papers[path] = Paper(script, SCRIPT, OPEN)
        messenger.papers["/pinned"] = Paper(f"<!doctype html><html lang=en><title>Chat</title>{tag}{readers.tag()}")
        reader = readers.one()
        reader.page.goto(f"{messenger.url}/pinned")
        assert (reader.button.count() == 1) == is_taken
        assert reader.page.title() == "Chat"


@pytest.mark.parametrize("version", ["v1", "1.0.0"])
def test_the_package_fetches_the_element(readers: Readers, hotline: Service, messenger: Origin, version: str) -> None:
    """Under a policy with Trusted Types too; a second call is the same promise."""
    hotline.papers["/embed/1.0.0/tab.js"] = Paper((WIDGET / "tab.js").read_text(), SCRIPT, OPEN)
    messenger.papers["/index.js"] = Paper((WIDGET / "index.js").read_text(), SCRIPT)
    policy = f"script-src 'self' {hotline.url}; require-trusted-types-for 'script'; trusted-types 'none'"
    reader = readers.one("<html lang=en><p>Chat", headers={"content-security-policy": policy})
    assert reader.page.evaluate(LOAD, ["/index.js", hotline.url, version])
    assert reader.said == []


def test_what_cannot_be_fetched_is_tried_again(readers: Readers, stranger: Origin, messenger: Origin) -> None:
    messenger.papers["/index.js"] = Paper((WIDGET / "index.js").read_text(), SCRIPT)
    reader = readers.one("<html lang=en><p>Chat")
    attempt = """async (service) => {
      const { loadReportAbuse } = await import("/index.js");
      return loadReportAbuse(service).then(() => "fetched", () => "refused");
    }"""
    assert reader.page.evaluate(attempt, stranger.url) == "refused"
    stranger.papers["/embed/v1/tab.js"] = Paper("", SCRIPT, OPEN)
    assert reader.page.evaluate(attempt, stranger.url) == "fetched"


def test_every_part_can_be_imported_on_a_server(package: Package) -> None:
    script = """
      await import("@openhotline/report-abuse/tab.js");
      const { loadReportAbuse } = await import("@openhotline/report-abuse");
      const { ReportAbuse } = await import("@openhotline/report-abuse/react");
      const { createElement } = await import("react");
      const { renderToString } = await import("react-dom/server");
      const props = { service: "https://hotline.example", partner: "acme", placement: "end-bottom", fontScale: 1.25 };
      console.log(await loadReportAbuse("https://hotline.example"), renderToString(createElement(ReportAbuse, props)));
    """
    done = package.run("node", "--preserve-symlinks", "--input-type=module", "--eval", script)
    assert done.stdout.strip() == (
        'null <report-abuse placement="end-bottom" service="https://hotline.example" partner="acme" font-scale="1.25">'
        '<a href="https://hotline.example/p/acme">Report abuse</a></report-abuse>'
    ), done.stderr


def test_the_types_hold_and_the_package_is_sound(package: Package) -> None:
    checked = package.run("npm", "run", "--silent", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_file_that_is_exported_is_published() -> None:
    named = [
        name
        for entry in MANIFEST["exports"].values()
        for name in ([entry] if isinstance(entry, str) else entry.values())
    ]
    for name in (name.removeprefix("./") for name in named):
        assert (WIDGET / name).exists()
        assert name == "package.json" or name.split("/")[0] in MANIFEST["files"]


def test_the_lock_names_hashes_and_no_registry() -> None:
    elsewhere = {name: entry for name, entry in LOCK.items() if "version" in entry and name not in ("..", INSIDE)}
    assert len(elsewhere) > 10 and all(entry["integrity"].startswith("sha512-") for entry in elsewhere.values())
    assert not [entry for entry in LOCK.values() if "://" in entry.get("resolved", "")]
