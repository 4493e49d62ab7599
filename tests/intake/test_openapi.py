"""The doors do what their description says: it is valid, it is served, and Schemathesis finds no way around it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import Engine, text

from core.settings import ROOT, Settings
from intake.partners.openapi import document
from intake.partners.problems import REASONS
from tests.intake.doors import WHOLE, Server

SCHEMA = json.loads(document(Settings()))
SEED = "20261125"
EXAMPLES = "40"
SECONDS = "8"
BOUNDED = "[checks.negative_data_rejection]\nexpected-statuses = [400, 401, 408, 413, 415, 422]\n"
"""What is too much of a thing is often too long as well, and refused for that."""
DOORS: Mapping[str, Sequence[str]] = {
    "/api/v1/reports": (),
    "/api/v1/reports/batch": ("--exclude-checks", "negative_data_rejection"),  # said of each report, not of all
    "/api/v1/xarf": ("--exclude-checks", "positive_data_acceptance"),  # described elsewhere, by XARF itself
}


def test_the_description_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(SCHEMA).validate()
    assert SCHEMA["openapi"].startswith("3.1")


def test_it_is_served_to_anybody_and_names_this_deployment(server: Server) -> None:
    answer = server.client.get(server.address + "/api/v1/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == SCHEMA | {"servers": [{"url": server.address}]}


def test_every_address_has_every_refusal_it_gives() -> None:
    for operations in SCHEMA["paths"].values():
        for status in ("401", "403", "408", "413", "415", "422", "500", "503"):
            content = operations["post"]["responses"][status]["content"]
            assert list(content) == ["application/problem+json"]


def test_reasons_have_names_of_their_own() -> None:
    assert len({reason.name for reason in REASONS}) == len(REASONS) > 10


def test_nothing_in_it_reads() -> None:
    assert {method for operations in SCHEMA["paths"].values() for method in operations} == {"post"}


@pytest.mark.parametrize("path", DOORS)
def test_schemathesis_finds_nothing(server: Server, tmp_path: Path, path: str) -> None:
    """No 5xx, no answer but those that are described, nothing valid refused and nothing invalid taken."""
    program = str(Path(sys.executable).with_name("schemathesis"))
    (tmp_path / "schemathesis.toml").write_text(BOUNDED)
    bounds = ("--max-examples", EXAMPLES, "--max-time", SECONDS, "--seed", SEED, "--checks", "all", "--no-color")
    command = [program, "run", server.address + "/api/v1/openapi.json", *bounds, "--include-path", path, *DOORS[path]]
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(tmp_path),
        "NO_PROXY": "*",
        "PYTHONPATH": str(ROOT),
        "DOOR_KEY": server.partner.api_key,
        "SCHEMATHESIS_HOOKS": "tests.intake.keys_of_their_own",
    }
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_no_answer_to_one_partner_holds_anything_of_another(server: Server, stranger: Server, owner: Engine) -> None:
    """What one sent is not in what the other is told, whatever it asks with whatever it could know."""
    told = stranger.report(WHOLE, key="theirs").json()
    asked = [server.report(WHOLE, key="theirs"), server.report(WHOLE | {"reference": told["receipt"]})]
    with owner.connect() as connection:
        ids: list[str] = [str(row.id) for row in connection.execute(text("SELECT id FROM reports"))]
    for known in (*ids, told["receipt"], "theirs"):
        for path in ("", "/", f"/{known}", f"?id={known}", "/batch", f"/batch/{known}"):
            for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
                asked.append(
                    server.client.request(method, f"{server.address}/api/v1/reports{path}", headers=server.credentials)
                )
    for answer in asked:
        assert told["receipt"] not in answer.text
        assert not any(id in answer.text for id in ids)
    assert {answer.status_code for answer in asked[2:]} <= {404, 405}
