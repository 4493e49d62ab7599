"""`hotline agency route`, `agency hours` and `oncall`, as an operator types them."""

import json
import os
import subprocess
import sys

import pyrage
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.envelopes import disclose
from core.keys import CourierKeys
from core.models import Agency
from core.sealing import Row
from core.settings import ROOT, Settings
from core.vocabulary import Act
from ops.agencies import import_agencies
from tests.triage.analyst import acts
from tests.triage.outbound.sending import agency_named
from triage.deadlines import calendar
from triage.referrals.ways import Email, way_of

KEY = str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def agency(owner: Engine) -> None:
    row = {"code": "example-fr", "name": "Example", "kind": "police", "country": "FR", "source": "a test"}
    with transaction(owner) as session:
        import_agencies(session, [row])


def hotline(settings: Settings, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    own = {
        "HOTLINE_VAR": settings.var,
        "HOTLINE_DATABASE_URL": settings.database_url or "",
        "HOTLINE_REDIS_URL": settings.redis_url or "",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return subprocess.run(
        [sys.executable, "-m", "ops.cli", *arguments],
        env=others | own,
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def stored(owner: Engine) -> Agency:
    return agency_named(owner, "example-fr")


def test_an_agency_is_given_a_way_and_it_is_audited(settings: Settings, owner: Engine, agency: None) -> None:
    given = ("--by", "email", "--to", "desk@agency.example", "--key", KEY, "--json")
    said = hotline(settings, "agency", "route", "example-fr", *given)
    assert (said.returncode, json.loads(said.stdout)) == (0, {"code": "example-fr", "by": "email"})
    assert way_of(stored(owner).way) == Email("desk@agency.example", KEY)
    assert len(acts(owner, Act.AGENCY_ROUTED)) == 1


def test_a_password_is_stored_so_that_only_the_courier_opens_it(
    settings: Settings, owner: Engine, agency: None
) -> None:
    given = ("--by", "cybertipline", "--url", "https://a.example/ispws", "--user", "hotline", "--password-file", "-")
    said = hotline(settings, "agency", "route", "example-fr", *given, typed="secret word\n")
    assert said.returncode == 0, said.stderr
    agency_row = stored(owner)
    assert agency_row.way_secret
    place = Row("agencies", agency_row.id)
    ring = CourierKeys.read(settings.keys_dir).letters
    assert disclose(ring, place, "way_secret", agency_row.way_secret) == "secret word"
    assert "secret" not in str(agency_row.way)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (("--by", "email", "--to", "desk@agency.example"), "--by email needs --to and --key"),
        (("--by", "email", "--to", "desk", "--key", KEY), "looks like desk@agency.example"),
        (("--by", "email", "--to", "a@b.example", "--key", "age1nonsense"), "age recipient"),
        (("--by", "email", "--to", "a@b.example", "--key", KEY, "--url", "https://b.example"), "--url does not go"),
        (("--by", "webhook", "--url", "http://b.example/", "--key", KEY), "must be https"),
        (("--by", "cybertipline", "--url", "https://b.example/", "--user", "u"), "A password goes with"),
        (("--by", "console"), "hotline agency connect example-fr"),
        (("--by", "pigeon"), "pigeon"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    given: tuple[str, ...], complaint: str, settings: Settings, owner: Engine, agency: None
) -> None:
    said = hotline(settings, "agency", "route", "example-fr", *given)
    assert said.returncode != 0 and complaint in said.stderr
    assert stored(owner).way is None


def test_hours_and_deadlines_are_set_and_wrong_ones_refused(settings: Settings, owner: Engine, agency: None) -> None:
    given = ("--zone", "Europe/Rome", "--open", "mon-thu 09:00-12:00 13:00-17:00", "--open", "fri 09:00-12:00")
    said = hotline(settings, "agency", "hours", "example-fr", *given, "--holiday", "2026-12-25", "--deadline", "3=8wh")
    assert said.returncode == 0, said.stderr
    ours = calendar(stored(owner).hours)
    assert (str(ours.zone), sorted(ours.week)) == ("Europe/Rome", [0, 1, 2, 3, 4])
    assert (len(ours.week[0]), len(ours.week[4]), len(ours.holidays)) == (2, 1, 1)
    for wrong in (("--zone", "Nowhere/X"), ("--open", "someday 9-17"), ("--deadline", "3=soon"), ("--holiday", "Xmas")):
        refused = hotline(settings, "agency", "hours", "example-fr", *wrong)
        assert refused.returncode == 1 and refused.stderr.startswith("hotline: ")


def test_people_on_call_come_and_go_and_their_addresses_are_not_shown(settings: Settings, owner: Engine) -> None:
    added = hotline(settings, "oncall", "add", "Ada Example", "--email", "ada@staff.example", "--turn", "2", "--json")
    assert added.returncode == 0, added.stderr
    listed = hotline(settings, "oncall", "list", "--json")
    [one] = json.loads(listed.stdout)
    assert (one["name"], one["turn"], one["by"], one["agency"]) == ("Ada Example", 2, "email", "hotline")
    assert one["team"] == "on-call"
    assert "staff.example" not in listed.stdout
    wrong = hotline(settings, "oncall", "add", "Bo", "--email", "bo@staff.example", "--team", "two words")
    assert wrong.returncode == 1 and "letters, digits and hyphens" in wrong.stderr
    assert hotline(settings, "oncall", "remove", one["id"]).returncode == 0
    assert hotline(settings, "oncall", "remove", one["id"]).returncode == 1
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM on_call")) == 0
    assert len(acts(owner, Act.ON_CALL_ADDED)) == len(acts(owner, Act.ON_CALL_REMOVED)) == 1


def test_the_signing_key_is_printed_for_those_who_check_it(settings: Settings) -> None:
    assert hotline(settings, "agency", "signing-key").stdout.startswith("whpk_")
