"""The public site shows the directory as it is edited here, through a function that tells what anybody may know."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pyrage
import pytest
from sqlalchemy import Engine

from core.db import transaction
from core.directory import AGENCIES, Directory
from core.keys import ConsoleKeys
from core.settings import Settings
from intake import directory
from intake.directory import Lookout
from ops.agencies import ensure_directory, import_agencies
from ops.directory.editing import check_agency, edit_agency, remove
from ops.directory.fields import PUBLIC
from ops.directory.rows import checked_on
from ops.receiving import set_hours, set_way
from tests.factories import an_agency
from tests.intake.visitor import Page, Visitor
from tests.processes import running, with_free_ports
from tests.triage.outbound.sending import agency_named
from triage.deadlines import Hours

Change = Callable[..., None]
ROW: dict[str, object] = {
    "code": "aq-line",
    "country": "AQ",
    "name": "Example line",
    "kind": "helpline",
    "phone": "+44 1632 960 001",
    "languages": ["en", "zh-Hans"],
    "accepts": ["grooming"],
    "source": "https://line.example/about",
    "checked": "2026-03-01",
}


@pytest.fixture
def change(owner: Engine) -> Change:
    """Edit the entry as `hotline agency edit` does."""

    def edit(**values: object) -> None:
        with transaction(owner) as session:
            edit_agency(session, "aq-line", values)

    return edit


@pytest.fixture
def shown() -> Directory:
    """What a site shows before it has looked."""
    return Directory.read()


@pytest.fixture
def lookout(settings: Settings, owner: Engine, shown: Directory) -> Lookout:
    """At a database that has one entry."""
    with transaction(owner) as session:
        import_agencies(session, [ROW])
    assert settings.intake_database_url
    return Lookout(settings.intake_database_url, shown)


@pytest.fixture
def visitor(shown: Directory, tmp_path: Path) -> Visitor:
    """At a site that shows what the lookout sees."""
    return Visitor.at_a_new_site(tmp_path, shown)


def page_of(visitor: Visitor, country: str = "AQ") -> Page:
    return Page(visitor.get(f"/en/agencies?country={country}").text)


def told(as_intake: psycopg.Connection) -> list[dict[str, object]]:
    row = as_intake.execute("SELECT directory()").fetchone()
    assert row
    rows: list[dict[str, object]] = row[0]
    return rows


def test_an_edit_reaches_every_page_that_tells_who_helps(lookout: Lookout, visitor: Visitor, change: Change) -> None:
    assert "Example line" not in page_of(visitor).text and visitor.desk.directory.for_country("GB")
    asyncio.run(lookout.look())
    page = page_of(visitor)
    assert page.all("a", href="tel:+441632960001")
    assert "Example line" in page.text and "line.example" in page.text and "checked on March 1, 2026" in page.text
    assert "Simplified Chinese" in page.text and "adults who contact children" in page.text
    change(phone="+44 1632 960 002", report_url="https://line.example/report", name="The line")
    asyncio.run(lookout.look())
    page = page_of(visitor)
    assert page.all("a", href="tel:+441632960002") and page.all("a", href="https://line.example/report")
    assert "The line" in page.text and "Example line" not in page.text
    assert "not checked by us yet" in page.text, "nobody checked that number"
    sent = Page(visitor.send(what="An adult asked me to keep a secret.", country="AQ").text)
    assert sent.all("a", href="tel:+441632960002"), "whom else to call, on the receipt's page"


def test_what_was_removed_is_on_no_page(lookout: Lookout, visitor: Visitor, owner: Engine) -> None:
    asyncio.run(lookout.look())
    assert "Example line" in page_of(visitor).text
    assert "Example line" in visitor.send(what="An adult asked me to keep a secret.", country="AQ").text
    with transaction(owner) as session:
        remove(session, "aq-line")
    asyncio.run(lookout.look())
    assert "Example line" not in page_of(visitor).text
    assert "Example line" not in visitor.send(what="An adult asked me to keep a secret.", country="AQ").text


def test_the_public_role_reads_what_anybody_may_know_and_nothing_else(
    lookout: Lookout, settings: Settings, owner: Engine, as_intake: psycopg.Connection, change: Change
) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    with transaction(owner) as session:
        an_agency(session, settings, "example-it")
        keys = ConsoleKeys.read(settings.keys_dir)
        set_way(session, keys, "aq-line", "email", {"to": "secret-desk@line.example", "key": key}, "")
        set_hours(session, "aq-line", Hours(zone="Europe/Rome"))
    change(note="secret note", operator="secret operator", email="desk@line.example")
    rows = told(as_intake)
    assert [row["code"] for row in rows] == ["aq-line", "example-it"], "the home agency is no entry of it"
    public_key = str(agency_named(owner, "example-it").public_key)
    assert not [word for word in ("secret", key, "Europe/Rome", public_key) if word in json.dumps(rows)]
    known = {"code", "country", "name", "kind", "source", "phone", "email", "languages", "accepts"}
    assert set(rows[0]) == known and set(rows[1]) == {"code", "country", "name", "kind", "source"}
    for statement in ("SELECT code FROM agencies", "SELECT way FROM agencies", "UPDATE agencies SET name = ''"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_intake.execute(statement.encode())


EDITS: dict[str, object] = {
    "country": "IT",
    "name": "Another",
    "kind": "police",
    "report_url": "https://line.example/",
    "website": "https://line.example/",
    "phone": "1",
    "email": "desk@line.example",
    "languages": ["it"],
    "anonymous": False,
    "accepts": ["other"],
}


def test_a_check_is_told_while_it_tells_of_what_stands_there(
    lookout: Lookout, owner: Engine, as_intake: psycopg.Connection, change: Change
) -> None:
    """A list's until it is edited here, ours until anything changes; the command line says the same."""

    def checked() -> object:
        [row] = told(as_intake)
        assert row.get("checked") == checked_on(agency_named(owner, "aq-line"))
        return row.get("checked")

    assert set(EDITS) == PUBLIC and checked() == "2026-03-01"
    change(note="Only for us.", operator="Somebody", source="https://line.example/elsewhere")
    assert checked() == "2026-03-01"
    for name, value in EDITS.items():
        change(**{name: value})
        assert checked() is None, name
        change(**{name: ROW.get(name)})
        assert checked() == "2026-03-01", name
    with transaction(owner) as session:
        check_agency(session, "aq-line", None, None)
    assert checked() not in (None, "2026-03-01")
    with transaction(owner) as session:
        import_agencies(session, [ROW | {"phone": "2"}])
    assert checked() is None


def test_while_the_database_does_not_answer_the_directory_stays_as_it_was(shown: Directory) -> None:
    before = shown.entries
    nowhere = Lookout("postgresql://nobody@127.0.0.1:1/none", shown)

    async def look_twice() -> None:
        await nowhere.open()
        await nowhere.look()
        await nowhere.close()

    asyncio.run(look_twice())
    assert shown.entries is before


def test_what_cannot_be_read_is_one_entry_less_and_not_a_directory_less(
    lookout: Lookout, shown: Directory, owner: Engine
) -> None:
    """As an import of an older release may have stored it, which looked at no field."""
    with transaction(owner) as session:
        import_agencies(session, [ROW | {"code": "aq-other"}])
    with owner.begin() as connection:
        soon = """UPDATE agencies SET facts = facts || '{"checked": "soon", "accepts": ["what"]}' WHERE code = """
        connection.exec_driver_sql(soon + "'aq-line'")
    asyncio.run(lookout.look())
    assert [entry.code for entry in shown.entries] == ["aq-other"]


def test_it_looks_again_and_again(
    lookout: Lookout, shown: Directory, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "SECONDS", 0.02)

    async def watch() -> str:
        await lookout.open()
        change(name="Later")
        for _ in range(500):
            if shown.entries[0].name == "Later":
                break
            await asyncio.sleep(0.01)
        await lookout.close()
        return shown.entries[0].name

    assert asyncio.run(watch()) == "Later"


def test_a_new_deployment_tells_what_the_sourced_list_tells(
    settings: Settings, owner: Engine, as_intake: psycopg.Connection
) -> None:
    with transaction(owner) as session:
        ensure_directory(session)
    rows = {row["code"]: row for row in told(as_intake)}
    sourced = json.loads(AGENCIES.read_text(encoding="utf-8"))
    assert len(rows) == len(sourced) == 110
    for row in sourced:
        assert rows[row["code"]] == {name: value for name, value in row.items() if name in rows[row["code"]]}


def test_a_running_site_shows_it_from_its_first_page_on(
    lookout: Lookout, settings: Settings, client: httpx.Client
) -> None:
    addressed = with_free_ports(settings)
    with running(addressed, "intake"):
        page = client.get(f"{addressed.address}/en/agencies?country=AQ").text
    assert "Example line" in page and "tel:+441632960001" in page
