"""`hotline agency`, as an operator types it: sentences or JSON out, one line for what is wrong."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.keys import CourierKeys
from core.settings import Settings
from core.vocabulary import Act
from tests.factories import an_agency
from tests.ops.directory.conftest import Run, a_row
from tests.triage.analyst import acts
from tests.triage.outbound.sending import agency_named

KEY = str(pyrage.x25519.Identity.generate().to_public())
TODAY = datetime.now(UTC).date()


@pytest.fixture
def listed(run: Run, tmp_path: Path) -> Path:
    """A list that was imported."""
    file = tmp_path / "lines.json"
    file.write_text(
        json.dumps([a_row(phone="1"), a_row("world-line", country=None, name="Ωmega", checked="2026-03-01")])
    )
    assert run("import", str(file)).exit_code == 0
    return file


def test_a_dry_run_tells_everything_and_changes_nothing(run: Run, listed: Path, owner: Engine) -> None:
    listed.write_text(json.dumps([a_row(phone="2"), a_row("fr-new")]))
    said = run("import", str(listed), "--dry-run")
    assert said.output.splitlines() == [
        "2 agencies read: 1 new, 1 changed, 0 as they were.",
        "new: fr-new: A line",
        "changed: fr-line phone: 1 -> 2",
        "gone: world-line is not in the list any more. It was kept; `hotline agency remove world-line` removes it.",
        "Nothing was changed: this was a dry run.",
    ]
    assert agency_named(owner, "fr-line").facts["phone"] == "1"
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM agencies WHERE code = 'fr-new'")) == 0
    assert json.loads(run("import", str(listed), "--json").output) == {
        "imported": 2,
        "added": ["fr-new"],
        "changed": [{"code": "fr-line", "field": "phone", "from": "1", "to": "2"}],
        "conflicts": [],
        "gone": ["world-line"],
        "removed": [],
        "dry_run": False,
    }


def test_a_conflict_is_told_with_both_ways_out(run: Run, listed: Path, owner: Engine) -> None:
    assert run("conflicts").output == "No conflicts.\n"
    assert run("edit", "fr-line", "phone=2", "source=https://line.example/").exit_code == 0
    listed.write_text(json.dumps([a_row(phone="3")]))
    said = run("import", str(listed)).output
    told = (
        "conflict: fr-line phone is '2' here, '3' in the list. Kept; to end it:\n"
        "    hotline agency accept fr-line phone   or   hotline agency keep fr-line phone\n"
    )
    assert told in said and run("conflicts").output == told
    assert "phone: 2 (edited here; CONFLICT, the list says: 3)" in run("show", "fr-line").output
    assert json.loads(run("conflicts", "--json").output) == [
        {"code": "fr-line", "field": "phone", "here": "2", "there": "3"}
    ]
    assert run("keep", "fr-line", "phone").output == "fr-line keeps its phone.\n"
    assert run("conflicts").output == "No conflicts.\n"
    assert run("accept", "fr-line", "phone").output == "fr-line phone: 2 -> 3\n"
    assert "there is nothing to decide" in str(run("accept", "fr-line", "phone").exception)
    assert len(acts(owner, Act.AGENCY_EDITED)) == 3


def test_an_edit_says_what_it_changed_and_asks_where_it_was_read(run: Run, listed: Path, owner: Engine) -> None:
    said = run(
        "edit", "fr-line", "phone=+44 1632 960 001", "languages=fr, en", "anonymous=yes", "accepts=grooming,other"
    )
    assert said.stdout.splitlines() == [
        "fr-line accepts: nothing -> grooming,other",
        "fr-line anonymous: nothing -> yes",
        "fr-line languages: nothing -> fr,en",
        "fr-line phone: 1 -> +44 1632 960 001",
    ]
    assert said.stderr == "Where was it read? Add source=... or, for one fact, phone_source=...\n"
    facts = json.loads(run("show", "fr-line", "--json").output)
    assert (facts["phone"], facts["languages"], facts["anonymous"], facts["accepts"]) == (
        "+44 1632 960 001",
        ["fr", "en"],
        True,
        ["grooming", "other"],
    )
    cleared = run("edit", "fr-line", "phone=", "source=https://line.example/", "--json")
    assert cleared.stderr == "" and json.loads(cleared.stdout)["phone"] is None
    assert len(acts(owner, Act.AGENCY_EDITED)) == 2


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (("fr-line", "phne=1"), "There is no field 'phne'. Did you mean phone?"),
        (("fr-line", "phone"), "'phone': An edit looks like phone=116111."),
        (("fr-line", "phone=none"), "phone: A number to call has digits."),
        (("fr-line", "phone=2", "kind=school"), "kind: 'school' is none of"),
        (("fr-line", "name="), "name: this must be there."),
        (("fr-line", "code=fr-other"), "A code never changes."),
        (("fr-line", "way=email"), "way: `hotline agency route` sets this."),
        (("fr-line", "hours={}"), "hours: `hotline agency hours` sets this."),
        (("fr-lin", "phone=2"), "The directory has no agency 'fr-lin'"),
    ],
)
def test_a_wrong_edit_is_refused_in_one_line_and_changes_nothing(
    run: Run, listed: Path, owner: Engine, typed: tuple[str, ...], complaint: str
) -> None:
    refused = run("edit", *typed)
    assert refused.exit_code == 1
    assert complaint in str(refused.exception) and "\n" not in str(refused.exception)
    assert agency_named(owner, "fr-line").facts == {"source": "a test", "phone": "1"}
    assert acts(owner, Act.AGENCY_EDITED) == []


def test_who_checked_an_entry_checked_what_it_said_then(run: Run, listed: Path, owner: Engine) -> None:
    day = str(TODAY - timedelta(days=10))
    assert run("checked", "fr-line", "--on", day, "--source", "https://line.example/").output.splitlines() == [
        f"fr-line checked: nothing -> {day}",
        "fr-line source: a test -> https://line.example/",
    ]
    assert [row["code"] for row in json.loads(run("stale", "--older-than", "30", "--json").output)] == ["world-line"]
    assert [row["code"] for row in json.loads(run("stale", "--older-than", "5", "--json").output)] == [
        "world-line",
        "fr-line",
    ]
    listed.write_text(json.dumps([a_row(phone="2")]))
    run("import", str(listed))
    assert f"checked: {day} (changed since)" in run("show", "fr-line").output
    [world, line] = json.loads(run("stale", "--older-than", "30", "--json").output)
    assert (world["code"], world["checked"], world["changed_since"]) == ("world-line", "2026-03-01", False)
    assert (line["code"], line["checked"], line["changed_since"]) == ("fr-line", day, True)
    assert "checked" not in json.loads(run("export").output)[0], "nobody checked that number"
    assert run("checked", "fr-line").output == f"fr-line checked: {day} -> {TODAY}\n"
    assert "fr-line" not in run("stale").output
    assert len(acts(owner, Act.AGENCY_CHECKED)) == 2
    later = run("checked", "fr-line", "--on", str(TODAY + timedelta(days=2)))
    assert "checked: This is a day that has been" in str(later.exception)


def test_an_entry_is_shown_with_how_it_receives_and_without_any_secret(
    run: Run, listed: Path, settings: Settings, owner: Engine, tmp_path: Path
) -> None:
    (tmp_path / "word").write_text("secret word")
    given = ("--url", "https://a.example/ispws", "--user", "hotline", "--password-file", str(tmp_path / "word"))
    assert run("route", "fr-line", "--by", "cybertipline", *given).exit_code == 0
    assert run("hours", "fr-line", "--zone", "Europe/Paris", "--deadline", "1=30m").exit_code == 0
    shown = run("show", "fr-line").output
    assert "receives by: cybertipline (a password is kept, sealed)" in shown and "Europe/Paris" in shown
    facts = json.loads(run("show", "fr-line", "--json").output)
    assert (facts["receives_by"], facts["has_password"], facts["connected"], facts["hours"]["spans"]) == (
        "cybertipline",
        True,
        False,
        {"1": "30m"},
    )
    with transaction(owner) as session:
        an_agency(session, settings)
    connected = json.loads(run("show", "example-it", "--json").output)
    assert (connected["receives_by"], connected["connected"], len(connected["key_id"])) == ("console", True, 16)
    everything = "".join(run(*command).output for command in (("export",), ("export", "--format", "csv"))) + shown
    key = CourierKeys.read(settings.keys_dir).letters
    assert "secret word" not in everything and repr(key) not in everything
    assert str(agency_named(owner, "example-it").public_key) not in everything
    private = "\n".join(path.read_text() for path in (settings.keys_dir / "console").rglob("*.private"))
    assert private and not any(line and line in everything for line in private.splitlines())


def test_an_exported_directory_is_the_same_one_elsewhere(run: Run, listed: Path, owner: Engine, tmp_path: Path) -> None:
    run("edit", "fr-line", "phone=+44 1632 960 001", "name==SUM(1)", "languages=fr,zh-Hans", "anonymous=no", "note='t")
    run("route", "fr-line", "--by", "email", "--to", "desk@line.example", "--key", KEY)
    run("hours", "fr-line", "--zone", "Europe/Paris", "--open", "mon-fri 08:00-20:00", "--holiday", "2026-12-25")
    run("checked", "fr-line", "--on", str(TODAY))
    as_json, as_csv = run("export").output, run("export", "--format", "csv").stdout_bytes.decode()
    assert len(json.loads(as_json)) == 2 and json.loads(as_json)[0]["way"]["key"] == KEY
    for form, written in (("json", as_json), ("csv", as_csv)):
        with owner.begin() as connection:
            connection.execute(text("DELETE FROM audit_entries"))
            connection.execute(text("DELETE FROM agencies WHERE NOT home"))
        (tmp_path / f"elsewhere.{form}").write_text(written, encoding="utf-8", newline="")
        assert run("import", str(tmp_path / f"elsewhere.{form}")).exit_code == 0
        assert run("export").output == as_json
        again = json.loads(run("import", str(tmp_path / f"elsewhere.{form}"), "--json").output)
        assert (again["added"], again["changed"], again["conflicts"]) == ([], [], [])
    _, cells, _ = csv.reader(io.StringIO(as_csv, newline=""))
    assert "'=SUM(1)" in cells and "'+44 1632 960 001" in cells


def test_a_sheet_that_was_exported_and_edited_is_kept_as_edited(
    run: Run, listed: Path, owner: Engine, tmp_path: Path
) -> None:
    """Also when a column was left out, and the list that everything came from is imported again."""
    run("edit", "fr-line", "note=Only for us.")
    head, *lines = csv.reader(io.StringIO(run("export", "--format", "csv").stdout_bytes.decode(), newline=""))
    [line, world] = (dict(zip(head, cells, strict=True)) for cells in lines)
    new = world | {"code": "it-new", "country": "IT", "name": "A new line", "phone": ""}
    sheet, shown = io.StringIO(newline=""), ("code", "country", "name", "kind", "phone", "source")
    table = csv.DictWriter(sheet, shown, extrasaction="ignore")
    table.writeheader()
    table.writerows([line | {"phone": "2"}, world, new])
    (tmp_path / "sheet.csv").write_text(sheet.getvalue(), newline="")
    for expected in (["fr-line phone: 1 -> 2"], []):
        said = run("import", str(tmp_path / "sheet.csv"), "--edits").output.splitlines()
        assert [one.removeprefix("changed: ") for one in said if one.startswith("changed")] == expected
    assert agency_named(owner, "fr-line").facts == {"phone": "2", "note": "Only for us.", "source": "a test"}
    assert agency_named(owner, "world-line").facts["checked"] == "2026-03-01"
    done = json.loads(run("import", str(listed), "--json").output)
    assert (done["changed"], done["conflicts"], done["gone"]) == ([], [], [])
    assert agency_named(owner, "fr-line").facts["phone"] == "2" and agency_named(owner, "it-new").name == "A new line"


def test_no_sheet_changes_where_referrals_and_reports_go(
    run: Run, listed: Path, settings: Settings, owner: Engine, tmp_path: Path
) -> None:
    run("route", "fr-line", "--by", "email", "--to", "desk@line.example", "--key", KEY)
    with transaction(owner) as session:
        an_agency(session, settings)
    exported = run("export").output.replace("A line", "Another name")
    for old, new, complaint in (
        ('"IT"', '"FR"', "example-it: no file changes its country, `hotline agency edit example-it` does."),
        ("desk@", "other@", "fr-line: no file changes its way, `hotline agency route fr-line` does."),
    ):
        (tmp_path / "sheet.json").write_text(exported.replace(old, new))
        refused = run("import", str(tmp_path / "sheet.json"), "--edits")
        assert (refused.exit_code, str(refused.exception)) == (1, complaint)
        assert agency_named(owner, "fr-line").name == "A line"


def test_entries_go_and_come_back(run: Run, listed: Path) -> None:
    assert run("remove", "fr-line", "world-line").output == "Removed: fr-line, world-line.\n"
    assert json.loads(run("export").output) == []
    assert "was removed" in str(run("show", "fr-line").exception)
    assert run("restore", "fr-line").output == "Back: fr-line.\n"
    assert [row["code"] for row in json.loads(run("export").output)] == ["fr-line"]
    assert "No agency 'fr-line' was removed" in str(run("restore", "fr-line").exception)
    assert run("remove", "world-lin", "fr-line").exit_code == 1
    assert run("show", "fr-line").exit_code == 0, "all of it or nothing"


def test_a_list_of_what_is_not_known_is_refused_as_it_stands(run: Run, listed: Path) -> None:
    listed.write_text(json.dumps([a_row(phone="2"), a_row("hotline")]))
    refused = run("import", str(listed))
    assert refused.exit_code == 1
    assert str(refused.exception) == "Row 2 (hotline): code: this is our own."
