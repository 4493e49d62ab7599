"""The directory in the database: importing its rows, and connecting agencies that work cases here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit, keys
from core.errors import HotlineError
from core.models import Agency
from core.vocabulary import Act, AgencyKind

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
