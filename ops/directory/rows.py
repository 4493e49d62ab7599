"""An agency in the database as a row of the directory, and back."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select, text

from core.ids import uuid7
from core.models import Agency
from core.vocabulary import AgencyKind, By
from ops.directory.fields import COLUMNS, FIELDS, OBJECTS, PUBLIC, Row
from ops.directory.merging import Standing, edit

LOCK = text("SELECT pg_advisory_xact_lock(hashtext('agencies'))")
SHOWN = select(Agency).where(~Agency.home, Agency.removed_at.is_(None)).order_by(Agency.code)
"""The directory as people see it. The home agency is no entry of it: it is whose site this is."""


def row_of(agency: Agency) -> Row:
    """What is known of it, without its code."""
    known: Row = {name: value for name, value in agency.facts.items() if name in FIELDS}
    known |= {"country": agency.country, "name": agency.name, "kind": agency.kind.value, "hours": agency.hours}
    known["way"] = None if agency.way and agency.way["by"] == By.CONSOLE else agency.way
    return {name: value for name, value in known.items() if value is not None}


def standing_of(agency: Agency) -> Standing:
    return Standing(row_of(agency), agency.imported, agency.edited)


def new_agency(code: str, standing: Standing) -> Agency:
    """One that is not here yet."""
    name, kind = str(standing.row["name"]), AgencyKind(str(standing.row["kind"]))
    agency = Agency(id=uuid7(), code=code, name=name, kind=kind, home=False, facts={})
    put(agency, standing)
    return agency


def put(agency: Agency, standing: Standing) -> None:
    """Bring an agency to this standing."""
    before, row = row_of(agency), standing.row
    agency.imported, agency.edited = standing.imported, standing.edited
    changed = {name for name in FIELDS if before.get(name) != row.get(name)}
    if not changed:
        return
    agency.name, agency.kind = str(row["name"]), AgencyKind(str(row["kind"]))
    agency.country = str(row["country"]) if "country" in row else None
    others = {name: value for name, value in agency.facts.items() if name not in FIELDS}
    agency.facts = others | {name: value for name, value in row.items() if name not in (*COLUMNS, *OBJECTS)}
    if "hours" in changed:
        agency.hours = _object(row, "hours")
    if "way" in changed:
        agency.way, agency.way_secret = _object(row, "way"), None  # a password is for the address it was given for
    if changed & PUBLIC:
        agency.changed_on = datetime.now(UTC).date()


def edit_row(agency: Agency, values: Row) -> None:
    """These fields say this from now on. A check that comes with them tells of them."""
    put(agency, edit(standing_of(agency), values))
    if "checked" in values:
        agency.changed_on = None


def mark(agency: Agency, name: str) -> None:
    """This field was set here, and not by a list."""
    edit_row(agency, {name: row_of(agency).get(name)})


def held(agency: Agency) -> Collection[str]:
    """What no list changes unseen: where referrals go, and where reports go and how soon at who works here."""
    works_here = ("country", "kind", "hours") if agency.public_key else ()
    return (*works_here, "way") if agency.way else works_here


def is_outdated(agency: Agency) -> bool:
    """Whether a check tells of something else than stands there: ours of what changed since, a list's of our edits."""
    if "checked" not in agency.facts:
        return False
    return agency.changed_on is not None if "checked" in agency.edited else bool(PUBLIC & agency.edited.keys())


def checked_on(agency: Agency) -> str | None:
    """The day of a check that still holds."""
    checked = agency.facts.get("checked")
    return str(checked) if checked and not is_outdated(agency) else None


def row_for_others(agency: Agency) -> Row:
    """What goes into a file: a check only if it still holds; no password and no key of ours is in a row at all."""
    return {name: value for name, value in row_of(agency).items() if name != "checked" or checked_on(agency)}


def _object(row: Row, name: str) -> dict[str, object] | None:
    value = row.get(name)
    return value if isinstance(value, dict) else None
