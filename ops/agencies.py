"""The directory in the database: importing its rows, and connecting agencies that work cases here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit, keys
from core.db import connect, transaction
from core.directory import AGENCIES
from core.errors import HotlineError
from core.models import Agency
from core.settings import Settings
from core.vocabulary import Act, AgencyKind
from ops.addresses import with_addresses

HOME = "hotline"


class NoSuchAgency(HotlineError):
    """The directory has no agency of that code."""


class NotADirectory(HotlineError):
    """A directory file is a JSON list of rows with code, name, kind, country and source."""


def import_agencies(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add rows, or bring known ones (by code) up to date; how many. Connections stay as they are.

    Raises NotADirectory for a row without its source: nothing here is made up.
    """
    values = [_agency(row) for row in rows]
    if values:
        adding = insert(Agency).values(values)
        changed = {name: adding.excluded[name] for name in ("name", "kind", "country", "facts")}
        session.execute(adding.on_conflict_do_update(index_elements=["code"], set_=changed))
    return len(values)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a directory file. Raises NotADirectory."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotADirectory(f"{path.name} cannot be read. {NotADirectory.__doc__}") from None
    if not isinstance(rows, list):
        raise NotADirectory
    return rows


def connect_agency(session: Session, keys_dir: Path, code: str) -> Agency:
    """Give an agency its key: from now on its country's reports are its cases. Raises NoSuchAgency."""
    agency = session.scalar(select(Agency).where(Agency.code == code))
    if agency is None:
        raise NoSuchAgency(f"The directory has no agency {code!r}; `hotline agency import` adds agencies.")
    if agency.public_key is None:
        agency.public_key = keys.make_agency_key(keys_dir, code).to_text()
        audit.record(session, agency.id, None, Act.AGENCY_CONNECTED, agency.id)
    return agency


def ensure_home(session: Session, keys_dir: Path, name: str) -> None:
    """The hotline that runs this: it takes what no connected agency answers for."""
    if session.scalar(select(func.count()).select_from(Agency).where(Agency.home)):
        return
    key = keys.make_agency_key(keys_dir, HOME).to_text()
    facts: dict[str, object] = {"source": "this deployment"}
    session.add(Agency(code=HOME, name=name, kind=AgencyKind.HOTLINE, facts=facts, home=True, public_key=key))


def _agency(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        facts = {name: row[name] for name in row if name not in ("code", "name", "kind", "country")}
        if not facts["source"]:
            raise NotADirectory
        return {
            "code": row["code"],
            "name": row["name"],
            "kind": AgencyKind(row["kind"]),
            "country": row["country"],
            "facts": facts,
        }
    except (KeyError, ValueError, TypeError, AttributeError):
        raise NotADirectory from None


@click.group()
def agency() -> None:
    """The directory of agencies, and those that work cases here."""


@agency.command("import")
@click.argument("file", type=click.Path(path_type=Path), default=AGENCIES)
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def import_command(file: Path, as_json: bool) -> None:
    """Add the rows of FILE to the directory, or bring known ones up to date; without FILE the sourced one."""
    settings = with_addresses(Settings.from_environ())
    rows = read_rows(file)
    with transaction(connect(settings.database_url or "", pool=1)) as session:
        count = import_agencies(session, rows)
    click.echo(json.dumps({"imported": count}) if as_json else f"{count} agencies imported.")


@agency.command("connect")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print the agency as JSON.")
def connect_command(code: str, as_json: bool) -> None:
    """Give the agency CODE a key and a queue: from now on its country's reports are its cases."""
    settings = with_addresses(Settings.from_environ())
    with transaction(connect(settings.database_url or "", pool=1)) as session:
        connected = connect_agency(session, settings.keys_dir, code)
    shown = {"code": connected.code, "name": connected.name, "country": connected.country}
    click.echo(json.dumps(shown) if as_json else f"{connected.name} ({connected.country}) is connected.")
