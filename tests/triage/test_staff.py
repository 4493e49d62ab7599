"""`hotline staff add`."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

import msgspec
import pyotp
import pytest
from sqlalchemy import Engine, select

from core.db import transaction
from core.keys import ConsoleKeys
from core.models import Agency, Staff
from core.settings import ROOT, Settings
from core.vocabulary import Act, Role
from ops.agencies import NoSuchAgency, import_agencies
from ops.staff import NewStaff, NoSuchRole, NotAName, NotConnected, add_staff
from tests.factories import an_agency
from tests.triage.analyst import Browser, acts, hire, stored
from triage.console.credentials import open_totp_secret, password_matches


def run(settings: Settings, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The command line, as an operator with these settings runs it."""
    given = {f"HOTLINE_{name.upper()}": str(value) for name, value in msgspec.structs.asdict(settings).items() if value}
    command = [sys.executable, "-m", "ops.cli", "staff", "add", *words]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return subprocess.run(command, env=plain | given, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_prints_a_log_in_that_works(settings: Settings, browser: Browser, owner: Engine) -> None:
    done = run(settings, ["Ana Silva", "--role", "analyst", "--json"])
    assert (done.returncode, done.stderr) == (0, "")
    new = NewStaff(**json.loads(done.stdout))
    assert browser.log_in(new).headers["location"] == "/"
    assert stored(owner, new).role is Role.ANALYST


def test_without_json_it_prints_lines_and_an_address_for_the_authenticator(settings: Settings) -> None:
    said = run(settings, ["Ana Silva", "--role", "supervisor"]).stdout
    uri = next(word for word in said.split() if word.startswith("otpauth://"))
    known = pyotp.parse_uri(uri)
    assert (known.name, known.issuer) == ("ana-silva", settings.name)
    assert known.secret in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["Ana", "--role", "boss"],
            "hotline: There is no role 'boss'. A role is analyst, supervisor or administrator.",
        ),
        (["Ana", "--role", "analyst", "--agency", "none"], "hotline: The directory has no agency 'none'; "),
        ([" ", "--role", "analyst"], "hotline: A name has 1 to 200 characters."),
    ],
)
def test_what_cannot_be_is_one_clear_line(settings: Settings, owner: Engine, words: list[str], said: str) -> None:
    done = run(settings, words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    with transaction(owner) as session:
        assert session.scalars(select(Staff)).all() == []


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Ana Silva", "ana-silva"),
        ("  Ana \n  Silva ", "ana-silva"),
        ("Zoë O’Hara-Núñez", "zoe-ohara-nunez"),
        ("سارة", "staff"),
        ("-- --", "staff"),
        ("a" * 200, "a" * 60),
    ],
)
def test_a_log_in_name_comes_from_the_name(settings: Settings, owner: Engine, name: str, login: str) -> None:
    assert hire(owner, settings, name).login == login


def test_two_of_one_name_get_two_log_in_names(settings: Settings, owner: Engine) -> None:
    assert [hire(owner, settings, name).login for name in ("Ana Silva", "Ana Silva", "ana.silva")] == [
        "ana-silva",
        "ana-silva-2",
        "ana-silva-3",
    ]


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "Ana\u202eSilva", "Ana\u0000"])
def test_a_name_is_a_name(settings: Settings, owner: Engine, name: str) -> None:
    with pytest.raises(NotAName):
        hire(owner, settings, name)


def test_passwords_and_secrets_are_long_and_never_the_same(settings: Settings, owner: Engine) -> None:
    made = [hire(owner, settings, f"Person {number}") for number in range(3)]
    assert len({new.password for new in made} | {new.totp_secret for new in made}) == 6
    for new in made:
        assert len(new.password.replace("-", "")) * 5 >= 80
        assert len(new.totp_secret) * 5 >= 160


def test_what_is_stored_proves_a_password_and_cannot_tell_it(settings: Settings, owner: Engine) -> None:
    new = hire(owner, settings)
    person, keys = stored(owner, new), ConsoleKeys.read(settings.keys_dir)
    assert password_matches(person.password_hash, new.password)
    assert not password_matches(person.password_hash, new.password.upper())
    assert new.password not in person.password_hash
    assert open_totp_secret(keys, person) == new.totp_secret


def test_somebody_belongs_to_the_home_agency_unless_another_is_named(settings: Settings, owner: Engine) -> None:
    with transaction(owner) as session:
        connected = an_agency(session, settings, "example-it", "IT").id
        home = session.scalars(select(Agency.id).where(Agency.home)).one()
    assert stored(owner, hire(owner, settings)).agency_id == home
    assert stored(owner, hire(owner, settings, agency="example-it")).agency_id == connected


def test_an_agency_that_works_no_cases_here_has_no_staff_here(settings: Settings, owner: Engine) -> None:
    row = {"code": "example-fr", "name": "Example", "kind": "police", "country": "FR", "source": "a test"}
    with transaction(owner) as session:
        import_agencies(session, [row])
        keys = ConsoleKeys.read(settings.keys_dir)
        with pytest.raises(NotConnected):
            add_staff(session, keys, "Luc Petit", Role.ANALYST, "example-fr")
        with pytest.raises(NoSuchAgency):
            add_staff(session, keys, "Luc Petit", Role.ANALYST, "nobody")
        with pytest.raises(NoSuchRole):
            add_staff(session, keys, "Luc Petit", "ANALYST")


def test_making_somebody_is_in_the_audit_trail_of_their_agency(settings: Settings, owner: Engine) -> None:
    person = stored(owner, hire(owner, settings))
    [entry] = acts(owner, Act.STAFF_ADDED)
    assert (entry.staff_id, entry.agency_id, entry.subject) == (None, person.agency_id, person.id)
