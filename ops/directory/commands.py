"""`hotline agency`: import, edit, accept, keep, conflicts, checked, stale, show, export, remove, restore.

docs/directory.md tells how they go together. `connect`, `route` and `hours` are in files of their own.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from core.directory import AGENCIES
from ops import receiving as receiving  # its commands are in the same group
from ops.agencies import LISTED, agency, find_agency, import_agencies
from ops.directory import editing, files, showing
from ops.directory.imported import conflict_lines, facts_of, told
from ops.directory.merging import Change
from ops.directory.rows import SHOWN, row_for_others
from ops.routing.sources import deployment

HALF_A_YEAR = 180
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
CODE = click.argument("code")
FIELDS = click.argument("fields", nargs=-1, required=True, metavar="FIELD...")


@agency.command("import")
@click.argument("file", type=click.Path(path_type=Path), default=AGENCIES)
@click.option("--list", "listed", default=LISTED, show_default=True, help="The name of the list, of several.")
@click.option("--edits", is_flag=True, help="FILE is an export of this directory that was edited: keep as edited here.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@AS_JSON
def import_command(file: Path, listed: str, edits: bool, dry_run: bool, as_json: bool) -> None:
    """Merge the rows of FILE, JSON or CSV, into the directory; without FILE those of this release. All or nothing.

    What was edited here stays. What the list changed of it too is told as a conflict.
    """
    rows = files.read_file(file)
    with _open(dry_run) as session:
        done = editing.edit_agencies(session, rows) if edits else import_agencies(session, rows, listed[:80])
        facts, lines = done.facts() | {"dry_run": dry_run}, list(done.lines())
    said = [*lines, *["Nothing was changed: this was a dry run."] * dry_run]
    click.echo(json.dumps(facts) if as_json else "\n".join(said))


@agency.command()
@CODE
@click.argument("edits", nargs=-1, required=True, metavar="FIELD=VALUE...")
@AS_JSON
def edit(code: str, edits: tuple[str, ...], as_json: bool) -> None:
    """Let the entry CODE say something else, such as phone=116111. Without a VALUE it is not known any more.

    Lists have commas between: languages=it,en. No import changes what was edited.
    """
    values = editing.read_edit(edits)
    _change(code, as_json, lambda session: editing.edit_agency(session, code, values))
    if editing.lacks_source(values):
        click.echo("Where was it read? Add source=... or, for one fact, phone_source=...", err=True)


@agency.command()
@CODE
@FIELDS
@AS_JSON
def accept(code: str, fields: tuple[str, ...], as_json: bool) -> None:
    """Take what the list says of these FIELDs of CODE in place of what was edited here."""
    _change(code, as_json, lambda session: editing.accept(session, code, fields))


@agency.command()
@CODE
@FIELDS
@AS_JSON
def keep(code: str, fields: tuple[str, ...], as_json: bool) -> None:
    """Keep what these FIELDs of CODE say here; it is a conflict again when the list changes again."""
    with _open() as session:
        editing.keep(session, code, fields)
        facts = showing.facts(find_agency(session, code))
    click.echo(json.dumps(facts) if as_json else f"{code} keeps its {', '.join(fields)}.")


@agency.command("conflicts")
@AS_JSON
def conflicts_command(as_json: bool) -> None:
    """What lists changed after it was edited here, until somebody accepts theirs or keeps ours."""
    with _open() as session:
        found = showing.open_conflicts(session)
    click.echo(json.dumps(facts_of(found)) if as_json else "\n".join(conflict_lines(found)) or "No conflicts.")


@agency.command()
@CODE
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day, like 2026-11-22.  [default: today]")
@click.option("--source", help="Where it was read, if that is another place than before.")
@AS_JSON
def checked(code: str, on: datetime | None, source: str | None, as_json: bool) -> None:
    """Say that somebody compared the entry CODE with what the agency says of itself."""
    day: date | None = on.date() if on else None
    _change(code, as_json, lambda session: editing.check_agency(session, code, day, source))


@agency.command("stale")
@click.option("--older-than", "days", type=click.IntRange(0), default=HALF_A_YEAR, show_default=True, metavar="DAYS")
@AS_JSON
def stale_command(days: int, as_json: bool) -> None:
    """The entries whose check is older than DAYS, that changed after it, or that nobody checked."""
    with _open() as session:
        found = showing.stale(session, days)
    rows = [{name: getattr(one, name) for name in one.__slots__} for one in found]
    click.echo(json.dumps(rows) if as_json else "\n".join(map(str, found)) or "Every entry was checked.")


@agency.command()
@CODE
@AS_JSON
def show(code: str, as_json: bool) -> None:
    """All that is known of the entry CODE: how it receives, when it works, what was edited here."""
    with _open() as session:
        found = find_agency(session, code)
        facts, lines = showing.facts(found), list(showing.lines(found))
    click.echo(json.dumps(facts) if as_json else "\n".join(lines))


@agency.command()
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
def export(form: str) -> None:
    """Print the directory as `import` reads it. It has no password in it, and no key that opens anything."""
    with _open() as session:
        rows = [(found.code, row_for_others(found)) for found in session.scalars(SHOWN)]
    click.echo(files.to_csv(rows) if form == "csv" else files.to_json(rows), nl=False)


@agency.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
def remove(codes: tuple[str, ...]) -> None:
    """Take entries out of the directory; no import brings them back. Refused while a rule names one."""
    with _open() as session:
        for code in codes:
            editing.remove(session, code)
    click.echo(f"Removed: {', '.join(codes)}.")


@agency.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
def restore(codes: tuple[str, ...]) -> None:
    """Bring back what was removed, as the list has it now and with what was edited here."""
    with _open() as session:
        for code in codes:
            editing.restore(session, code)
    click.echo(f"Back: {', '.join(codes)}.")


def _change(code: str, as_json: bool, act: Callable[[Session], Sequence[Change]]) -> None:
    with _open() as session:
        changes = act(session)
        facts = showing.facts(find_agency(session, code))
    lines = [f"{code} {told(change)}" for change in changes] or [f"{code} is as it was."]
    click.echo(json.dumps(facts) if as_json else "\n".join(lines))


@contextmanager
def _open(dry_run: bool = False) -> Iterator[Session]:
    """One transaction as the owner; all of it, or with `dry_run` nothing."""
    with deployment() as (_, session), session.begin_nested() as point:
        yield session
        if dry_run:
            session.flush()  # so that what cannot be stored is told
            point.rollback()
