"""The directory in the database: importing its rows, and connecting agencies that work cases here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, keys
from core.directory import AGENCIES
from core.errors import HotlineError
from core.models import Agency
from core.vocabulary import Act, AgencyKind
from ops.directory.fields import Row
from ops.directory.files import read_file
from ops.directory.imported import Found, Imported
from ops.directory.lists import read_rows
from ops.directory.merging import added, merge
from ops.directory.rows import LOCK, held, new_agency, put, standing_of
from ops.directory.rules import rules_kept
from ops.routing.sources import deployment

HOME = "hotline"
LISTED = AGENCIES.stem
"""The name of the list that everything comes from, unless another is named."""


class NoSuchAgency(HotlineError):
    """The directory has no agency of that code."""


def import_agencies(session: Session, rows: Sequence[Mapping[str, object]], listed: str = LISTED) -> Imported:
    """Add the rows of a list, and merge those whose code is here; connections stay as they are.

    All of them in the caller's one transaction. `listed` is the list's name: of what else came from it, what is not
    among the rows is told. Raises NotADirectory, also for a row without its source: nothing here is made up.
    """
    read = read_rows(rows, {HOME})
    session.execute(LOCK)
    known = {agency.code: agency for agency in session.scalars(select(Agency))}
    with rules_kept(session):
        found = [_bring_in(session, known.get(code), code, row, listed) for code, row in read.items()]
    return Imported.of(
        found, gone=[one for one in known.values() if one.imported_from == listed and one.code not in read]
    )


def find_agency(session: Session, code: str | None) -> Agency:
    """By its code; without one, the home agency. Raises NoSuchAgency."""
    found = session.scalar(select(Agency).where(Agency.code == code if code else Agency.home))
    if found is None:
        raise NoSuchAgency(f"The directory has no agency {code!r}; `hotline agency import` adds agencies.")
    if found.removed_at:
        raise NoSuchAgency(f"{code} was removed; `hotline agency restore {code}` brings it back.")
    return found


def connect_agency(session: Session, keys_dir: Path, code: str) -> Agency:
    """Give an agency its key: from now on its country's reports are its cases. Raises NoSuchAgency."""
    session.execute(LOCK)
    agency = find_agency(session, code)
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


def ensure_directory(session: Session) -> None:
    """The sourced list, once: what is here already stays as it is, and later lists are imported by somebody."""
    if session.scalar(select(func.count()).select_from(Agency).where(Agency.imported_from.is_not(None))):
        return
    rows = {str(row["code"]): row for row in read_file(AGENCIES)}
    for agency in session.scalars(select(Agency).where(Agency.code.in_(rows))):
        agency.imported_from = LISTED
        del rows[agency.code]
    import_agencies(session, list(rows.values()))


def _bring_in(session: Session, agency: Agency | None, code: str, theirs: Row, listed: str) -> Found:
    if agency is None:
        agency = new_agency(code, added(theirs))
        found = Found(agency, is_new=True, taken=())
        session.add(agency)
        session.flush()  # so that the audit trail can name it
    else:
        merged = merge(standing_of(agency), theirs, held(agency))
        found = Found(agency, is_new=False, taken=merged.taken)
        put(agency, merged.standing)
    agency.imported_from = listed
    if found.is_new or found.taken:
        audit.record(session, agency.id, None, Act.AGENCY_IMPORTED, agency.id)
    return found


@click.group()
def agency() -> None:
    """The directory of agencies, and those that work cases here."""


@agency.command("connect")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print the agency as JSON.")
def connect_command(code: str, as_json: bool) -> None:
    """Give the agency CODE a key and a queue: from now on its country's reports are its cases."""
    with deployment() as (settings, session):
        connected = connect_agency(session, settings.keys_dir, code)
    shown = {"code": connected.code, "name": connected.name, "country": connected.country}
    click.echo(json.dumps(shown) if as_json else f"{connected.name} ({connected.country}) is connected.")
