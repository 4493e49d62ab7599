"""Changing one entry of the directory: what it says, whose word counts, who checked it, whether it is there at all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError
from core.models import Agency
from core.vocabulary import Act
from ops.agencies import HOME, NoSuchAgency, find_agency
from ops.directory.fields import PUBLIC, Row, clean, from_text
from ops.directory.imported import Found, Imported
from ops.directory.lists import read_rows
from ops.directory.merging import Change, changes, made
from ops.directory.rows import LOCK, edit_row, held, new_agency, row_of
from ops.directory.rules import rules_kept

COMMANDS = {"way": "route", "hours": "hours"}
"""Fields with a command of their own."""


class WrongEdit(HotlineError):
    """An edit looks like phone=116111."""


class StillNeeded(HotlineError):
    """This agency cannot be removed."""


def read_edit(typed: Sequence[str]) -> Row:
    """`phone=116111` as a field and its value; without one it is not known any more. Raises WrongEdit, WrongValue."""
    values = Row()
    for one in typed:
        name, equals, text = one.partition("=")
        if name in COMMANDS:
            raise WrongEdit(f"{name}: `hotline agency {COMMANDS[name]}` sets this.")
        if name == "code" or not equals:
            raise WrongEdit("A code never changes." if equals else f"{one!r}: {WrongEdit.__doc__}")
        values[name] = from_text(name, text)
    return values


def edit_agencies(session: Session, rows: Sequence[Mapping[str, object]]) -> Imported:
    """What these rows say and the directory does not is edited, or added; for a directory that was exported and edited.

    A field that is in none of the rows, as a column that was left out of a sheet, stays as it is. Raises NotADirectory,
    WrongEdit for what no file changes, RulesInTheWay.
    """
    read, said = read_rows(rows, {HOME}), {name for row in rows for name in row}
    session.execute(LOCK)
    known = {agency.code: agency for agency in session.scalars(select(Agency))}
    with rules_kept(session):
        return Imported.of([_say(session, known.get(code), code, row, said) for code, row in read.items()], gone=())


def edit_agency(session: Session, code: str, values: Row, act: Act = Act.AGENCY_EDITED) -> list[Change]:
    """What changed. It says so from now on, whatever a list says. Raises NoSuchAgency, RulesInTheWay."""
    session.execute(LOCK)
    agency = find_agency(session, code)
    before = row_of(agency)
    with rules_kept(session):
        edit_row(agency, values)
    audit.record(session, agency.id, None, act, agency.id)
    return [one for one in changes(before, row_of(agency)) if one.field in values]


def check_agency(session: Session, code: str, on: date | None, source: str | None) -> list[Change]:
    """Somebody has compared the entry with what the agency says of itself. Raises NoSuchAgency, WrongValue."""
    values = {"checked": clean("checked", (on or datetime.now(UTC).date()).isoformat())}
    if source is not None:
        values["source"] = clean("source", source)
    return edit_agency(session, code, values, Act.AGENCY_CHECKED)


def accept(session: Session, code: str, names: Sequence[str]) -> list[Change]:
    """Take what the list says of these fields. Raises NoSuchAgency, WrongEdit, RulesInTheWay."""
    agency = _edited(session, code, names)
    return edit_agency(session, code, {name: agency.imported.get(name) for name in names})


def keep(session: Session, code: str, names: Sequence[str]) -> None:
    """What is here stays, knowing what the list says. Raises NoSuchAgency, WrongEdit."""
    agency = _edited(session, code, names)
    edit_agency(session, code, {name: row_of(agency).get(name) for name in names})


def remove(session: Session, code: str) -> None:
    """Out of the directory, and no list brings it back. Raises NoSuchAgency, StillNeeded, RulesInTheWay."""
    session.execute(LOCK)
    agency = find_agency(session, code)
    if agency.public_key:
        raise StillNeeded(f"{code} works cases here, so it cannot be removed.")
    with rules_kept(session):
        agency.removed_at = datetime.now(UTC)
    audit.record(session, agency.id, None, Act.AGENCY_REMOVED, agency.id)


def restore(session: Session, code: str) -> None:
    """Raises NoSuchAgency, RulesInTheWay."""
    session.execute(LOCK)
    agency = session.scalar(select(Agency).where(Agency.code == code, Agency.removed_at.is_not(None)))
    if agency is None:
        raise NoSuchAgency(f"No agency {code!r} was removed.")
    with rules_kept(session):
        agency.removed_at = None
    audit.record(session, agency.id, None, Act.AGENCY_RESTORED, agency.id)


def lacks_source(values: Mapping[str, object]) -> bool:
    """Whether a fact was changed without saying where it was read."""
    return bool(values.keys() & PUBLIC) and not any(name.endswith("source") for name in values)


def _say(session: Session, agency: Agency | None, code: str, row: Row, said: Collection[str]) -> Found:
    if agency is None:
        agency = new_agency(code, made(row))
        session.add(agency)
        session.flush()  # so that the audit trail can name it
        audit.record(session, agency.id, None, Act.AGENCY_EDITED, agency.id)
        return Found(agency, is_new=True, taken=())
    edits = [one for one in changes(row_of(agency), row) if one.field in said]
    for name in held(agency):
        if any(one.field == name for one in edits):
            how = f"hotline agency {COMMANDS.get(name, 'edit')} {code}"
            raise WrongEdit(f"{code}: no file changes its {name}, `{how}` does.")
    if edits:
        edit_row(agency, {one.field: one.after for one in edits})
        audit.record(session, agency.id, None, Act.AGENCY_EDITED, agency.id)
    return Found(agency, is_new=False, taken=edits)


def _edited(session: Session, code: str, names: Sequence[str]) -> Agency:
    session.execute(LOCK)
    agency = find_agency(session, code)
    for name in names:
        if name not in agency.edited or not agency.imported:
            raise WrongEdit(f"{name}: there is nothing to decide, {code} has what the list says.")
    return agency
