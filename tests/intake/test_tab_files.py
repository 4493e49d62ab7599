"""The tab's script as other sites' pages get it, and what the documents say of it."""

import base64
import hashlib
import json
import re
from pathlib import Path
from uuid import uuid4

import pytest

from core.settings import ROOT
from intake import site
from intake.tab.files import TabFiles
from intake.tab.token import Signer, read_token
from tests.intake.visitor import Visitor
from tests.ops.running import hotline

VERSION = json.loads((ROOT / "widget/package.json").read_bytes())["version"]
SCRIPT = (ROOT / "widget/tab.js").read_bytes()
NEWEST, EXACT = "/embed/v1/tab.js", f"/embed/{VERSION}/tab.js"


def serving(files: TabFiles, keys: Path) -> Visitor:
    made = Visitor.at_a_new_site(keys)
    return Visitor(made.desk, site.create_app(made.desk, extra=files.routes()))


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return serving(TabFiles.read(), tmp_path_factory.mktemp("keys"))


def test_both_addresses_serve_the_same_script_to_pages_of_any_origin(visitor: Visitor) -> None:
    for path, kept in ((NEWEST, "public, max-age=300"), (EXACT, "public, max-age=31536000, immutable")):
        for encoding in ("gzip", "identity"):
            answer = visitor.get(path, accept_encoding=encoding)
            assert (answer.status_code, answer.content) == (200, SCRIPT)
            assert answer.headers["cache-control"] == kept
            assert answer.headers["content-type"].startswith("text/javascript")
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("version", ["0.0.0", "v2", "1", f"{VERSION}.1", "..%2f"])
def test_another_version_is_never_given_in_its_place(visitor: Visitor, version: str) -> None:
    assert visitor.get(f"/embed/{version}/tab.js").status_code == 404


def test_without_the_folder_there_is_no_tab_and_no_trouble(tmp_path: Path) -> None:
    visitor = serving(TabFiles.read(tmp_path), tmp_path / "keys")
    assert {visitor.get(path).status_code for path in (NEWEST, EXACT, "/embed//tab.js")} == {404}


def test_the_command_prints_what_a_browser_will_compute() -> None:
    facts = json.loads(hotline("tab", "--json", HOTLINE_PUBLIC_URL="https://hotline.example").stdout)
    assert facts["integrity"] == "sha384-" + base64.b64encode(hashlib.sha384(SCRIPT).digest()).decode()
    assert (facts["version"], facts["exact"]) == (VERSION, f"https://hotline.example{EXACT}")
    said = hotline("tab", HOTLINE_PUBLIC_URL="https://hotline.example").stdout
    assert f'src="https://hotline.example{NEWEST}"' in said and facts["integrity"] in said


def test_what_the_document_shows_in_python_signs_what_we_believe() -> None:
    [shown] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/tab.md").read_text(), re.DOTALL)
    there: dict[str, object] = {}
    exec(compile(shown, "docs/tab.md", "exec"), there)  # noqa: S102  # our own document
    new_key, public_keys, sign = there["new_key"], there["public_keys"], there["sign_context"]
    assert callable(new_key) and callable(public_keys) and callable(sign)
    key = new_key()
    signer = Signer(uuid4(), "northwind", public_keys(key)["keys"])
    token = sign(key, "northwind", "https://hotline.example", {"reported": {"handle": "@alex"}})
    added = read_token(token, signer, "https://hotline.example", bytes(32))
    assert added.is_verified and added.context.handle == "@alex"
