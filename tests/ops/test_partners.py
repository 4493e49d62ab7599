"""`hotline partner`: credentials shown once, two live at most, every change in the audit trail."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, select

from core.credentials import secret_hash
from core.db import transaction
from core.keys import IntakeKeys
from core.models import AuditEntry, Partner, PartnerCredential
from core.settings import ROOT, Settings
from core.vocabulary import Act, CredentialKind
from ops.partners import book
from ops.partners.given import NotAnOrigin, NotKeys, origin_of, read_jwks
from ops.staff import NotAName

KEY = {"kid": "a", "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


def run(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line, as an operator with these settings runs it."""
    given = {f"HOTLINE_{name.upper()}": str(value) for name, value in msgspec.structs.asdict(settings).items() if value}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    command = [sys.executable, "-m", "ops.cli", "partner", *words]
    return subprocess.run(command, env=plain | given, cwd=ROOT, capture_output=True, text=True, check=False)


def acts(owner: Engine) -> Sequence[Act]:
    with transaction(owner) as session:
        return session.scalars(select(AuditEntry.act).order_by(AuditEntry.at)).all()


def live_hashes(owner: Engine) -> set[bytes]:
    with transaction(owner) as session:
        return set(session.scalars(select(PartnerCredential.secret_hash).where(PartnerCredential.revoked_at.is_(None))))


def test_the_whole_life_of_a_partner(settings: Settings, owner: Engine, tmp_path: Path) -> None:
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [KEY]}))
    options = ("--origin", "https://Chat.Example:443", "--jwks", str(keys), "--quota", "50", "--json")
    added = run(settings, "add", "Northwind Chat", *options)
    assert (added.returncode, added.stderr) == (0, "")
    first = json.loads(added.stdout)
    assert list(first) == ["partner", "username", "password", "api_key"]
    second = json.loads(run(settings, "rotate", "northwind-chat", "--json").stdout)
    third = run(settings, "rotate", "northwind-chat", "--json")
    assert third.returncode == 1 and "hotline partner revoke northwind-chat older" in third.stderr
    secret = IntakeKeys.read(settings.keys_dir).partner
    hashes = [{secret_hash(secret, made[kind]) for kind in CredentialKind} for made in (first, second)]
    assert live_hashes(owner) == hashes[0] | hashes[1]
    assert json.loads(run(settings, "revoke", "northwind-chat", "older", "--json").stdout)["revoked"] == 2
    assert live_hashes(owner) == hashes[1]
    assert json.loads(run(settings, "revoke", "northwind-chat", "older", "--json").stdout)["revoked"] == 0
    assert json.loads(run(settings, "quarantine", "northwind-chat", "--json").stdout)["quarantined"] is True
    [listed] = json.loads(run(settings, "list", "--json").stdout)
    assert listed == {
        "partner": "northwind-chat",
        "name": "Northwind Chat",
        "live": {"password": 1, "api_key": 1},
        "quota_per_minute": 50,
        "origins": ["https://chat.example"],
        "quarantined": True,
        "completeness": None,
    }
    assert "is let in" in run(settings, "release", "northwind-chat").stdout
    assert acts(owner) == [
        Act.PARTNER_ADDED,
        Act.PARTNER_CREDENTIALS_MADE,
        Act.PARTNER_CREDENTIALS_MADE,
        Act.PARTNER_CREDENTIALS_REVOKED,
        Act.PARTNER_QUARANTINED,
        Act.PARTNER_RELEASED,
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", " "), "hotline: A name has 1 to 200 characters."),
        (("add", "A", "--code", "No Code"), "hotline: A code has 1 to 60 characters"),
        (("add", "A", "--origin", "chat.example"), "hotline: 'chat.example' is no origin."),
        (("add", "A", "--jwks", "/nowhere.json"), "hotline: nowhere.json cannot be used."),
        (("add", "A", "--signed"), "hotline: A partner that must sign needs its public keys here"),
        (("add", "A", "--quota", "0"), "hotline: A quota is a number of reports a minute"),
        (("rotate", "nobody"), "hotline: There is no partner 'nobody'"),
        (("revoke", "nobody", "all"), "hotline: There is no partner 'nobody'"),
        (("quarantine", "nobody"), "hotline: There is no partner 'nobody'"),
    ],
)
def test_what_cannot_be_is_one_clear_line(settings: Settings, owner: Engine, words: Sequence[str], said: str) -> None:
    done = run(settings, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(said)
    with transaction(owner) as session:
        assert session.scalars(select(Partner)).all() == []


def test_two_of_one_name_get_two_codes_and_a_code_asked_for_twice_is_refused(settings: Settings, owner: Engine) -> None:
    with transaction(owner) as session:
        names = ("Northwind", "Northwind", "سارة", "Northwind")
        codes = [book.add_partner(session, name).code for name in names]
        assert codes == ["northwind", "northwind-2", "partner", "northwind-3"]
        with pytest.raises(book.CodeTaken):
            book.add_partner(session, "Another", code="northwind")
        with pytest.raises(NotAName):
            book.add_partner(session, "North\u202ewind")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://chat.example", "https://chat.example"),
        ("https://chat.example/", "https://chat.example"),
        ("HTTPS://Chat.Example:8443", "https://chat.example:8443"),
        ("http://127.0.0.1:8002", "http://127.0.0.1:8002"),
        ("http://[2001:db8::1]:8002", "http://[2001:db8::1]:8002"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(given: str, origin: str) -> None:
    assert origin_of(given) == origin


@pytest.mark.parametrize(
    "given",
    [
        *("", "*", "chat.example", "//chat.example", "javascript:alert(1)", "https://", "https://*.example"),
        *("https://chat.example/path", "https://chat.example?q", "https://me@chat.example", "https://a.example:x"),
        *("https://a.example; script-src *", "https://a.example b.example", "https://ex\u00e4mple.example"),
    ],
)
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(NotAnOrigin):
        origin_of(given)


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "[]",
        '{"keys": []}',
        '{"keys": [1]}',
        json.dumps({"keys": [KEY | {"d": "private"}]}),
        json.dumps({"keys": [{"kid": "a", "kty": "oct", "k": "shared"}]}),
        json.dumps({"keys": [{"kid": "a", "kty": "RSA", "n": "", "e": ""}]}),
        json.dumps({"keys": [KEY, KEY]}),
        json.dumps({"keys": [{name: KEY[name] for name in ("kty", "crv", "x")}]}),
    ],
)
def test_only_public_keys_with_names_are_taken(keys: str, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(keys)
    with pytest.raises(NotKeys):
        read_jwks(path)


def test_what_the_tab_of_a_partner_may_do_is_changed_in_one_command(
    settings: Settings, owner: Engine, tmp_path: Path
) -> None:
    run(settings, "add", "Northwind Chat", "--origin", "https://old.example")
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [KEY]}))
    given = ("--origin", "https://b.example", "--origin", "https://A.example", "--jwks", str(keys), "--tell-submitted")
    changed = run(settings, "tab", "northwind-chat", *given, "--json")
    assert json.loads(changed.stdout) == {
        "partner": "northwind-chat",
        "origins": ["https://a.example", "https://b.example"],
        "tells_submitted": True,
    }
    assert "a.example" in run(settings, "tab", "northwind-chat", "--keep-submitted").stdout
    with transaction(owner) as session:
        [partner] = session.scalars(select(Partner)).all()
        assert (partner.jwks, partner.tells_submitted) == ({"keys": [KEY]}, False)
    assert acts(owner)[-2:] == [Act.PARTNER_TAB_CHANGED] * 2
    for wrong in (("--origin", "https://b.example/path"), ("--jwks", str(tmp_path / "none"))):
        assert run(settings, "tab", "northwind-chat", *wrong).returncode == 1
