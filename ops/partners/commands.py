"""`hotline partner`: add, rotate, revoke, quarantine, release, tab, list."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import connect, transaction
from core.keys import IntakeKeys
from core.models import Partner, Report
from core.settings import Settings
from core.vocabulary import CredentialKind
from ops.addresses import with_addresses
from ops.partners import book
from ops.partners.given import read_jwks

as_json = click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
LAST = 100


@click.group()
def partner() -> None:
    """Operators that send reports by API or embed the tab."""


@partner.command("add")
@click.argument("name")
@click.option("--code", default="", help="Its name in addresses; without it, one made from NAME.")
@click.option("--origin", "origins", multiple=True, help="An origin that may embed the tab, like https://chat.example.")
@click.option("--jwks", type=click.Path(path_type=Path), help="A JSON Web Key Set of its public keys.")
@click.option("--signed", is_flag=True, help="Take requests of its server only when one of those keys signed them.")
@click.option("--quota", default=book.QUOTA, show_default=True, help="Reports a minute.")
@as_json
def add_command(
    name: str, code: str, origins: tuple[str, ...], jwks: Path | None, signed: bool, quota: int, as_json: bool
) -> None:
    """Let the operator NAME send reports, and print its credentials: once, for nothing stored tells them again."""
    keys = read_jwks(jwks) if jwks else None
    with _open() as (session, own):
        added = book.add_partner(session, name, code, origins, keys, signed, quota)
        made = book.make_credentials(session, own, added)
    _tell(added, made, as_json)


@partner.command("rotate")
@click.argument("code")
@as_json
def rotate_command(code: str, as_json: bool) -> None:
    """Give the partner CODE new credentials. Those of before stay live until `revoke CODE older`."""
    with _open() as (session, own):
        found = book.find_partner(session, code)
        made = book.make_credentials(session, own, found)
    _tell(found, made, as_json)


@partner.command("revoke")
@click.argument("code")
@click.argument("which", type=click.Choice(["older", "newer", "all"]))
@as_json
def revoke_command(code: str, which: str, as_json: bool) -> None:
    """End WHICH credentials of the partner CODE: the older or the newer of two, or all of them."""
    with _open() as (session, _):
        ended = book.revoke(session, book.find_partner(session, code), which)
    click.echo(json.dumps({"partner": code, "revoked": ended}) if as_json else f"{ended} credentials ended.")


@partner.command("quarantine")
@click.argument("code")
@as_json
def quarantine_command(code: str, as_json: bool) -> None:
    """Shut every door to the partner CODE; it is told so."""
    _set_quarantine(code, True, as_json)


@partner.command("release")
@click.argument("code")
@as_json
def release_command(code: str, as_json: bool) -> None:
    """Let the partner CODE in again."""
    _set_quarantine(code, False, as_json)


@partner.command("tab")
@click.argument("code")
@click.option(
    "--origin", "origins", multiple=True, help="An origin that may embed the tab, in place of those of before."
)
@click.option("--jwks", type=click.Path(path_type=Path), help="Its public keys, in place of those of before.")
@click.option(
    "--tell-submitted/--keep-submitted", "tells", default=None, help="Whether its page hears that something was sent."
)
@as_json
def tab_command(code: str, origins: tuple[str, ...], jwks: Path | None, tells: bool | None, as_json: bool) -> None:
    """Change where the partner CODE may embed the tab, with which keys it signs, and what its page hears."""
    keys = read_jwks(jwks) if jwks else None
    with _open() as (session, _):
        found = book.find_partner(session, code)
        book.change_tab(session, found, origins, keys, tells)
    facts = {"partner": code, "origins": found.origins, "tells_submitted": found.tells_submitted}
    said = f"{code} embeds the tab at {', '.join(found.origins) or 'no origin'}."
    click.echo(json.dumps(facts) if as_json else said)


@partner.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """Every partner, how many credentials are live, and how complete its last hundred reports were."""
    with _open() as (session, _):
        rows = [_facts(session, found) for found in session.scalars(select(Partner).order_by(Partner.code))]
    click.echo(json.dumps(rows) if as_json else "\n".join(_line(row) for row in rows) or "No partners yet.")


def _set_quarantine(code: str, shut: bool, as_json: bool) -> None:
    with _open() as (session, _):
        book.set_quarantine(session, book.find_partner(session, code), shut)
    said = f"{code} is shut out." if shut else f"{code} is let in."
    click.echo(json.dumps({"partner": code, "quarantined": shut}) if as_json else said)


@contextmanager
def _open() -> Iterator[tuple[Session, IntakeKeys]]:
    settings = with_addresses(Settings.from_environ())
    with transaction(connect(settings.database_url or "", pool=1)) as session:
        yield session, IntakeKeys.read(settings.keys_dir)


def _facts(session: Session, found: Partner) -> dict[str, object]:
    last = select(Report.completeness).where(Report.partner_id == found.id, Report.completeness.is_not(None))
    recent = last.order_by(Report.received_at.desc()).limit(LAST).subquery()
    complete = session.scalar(select(func.round(func.avg(recent.c.completeness))))
    return {
        "partner": found.code,
        "name": found.name,
        "live": {kind.value: len(book.live(session, found, kind)) for kind in CredentialKind},
        "quota_per_minute": found.quota_per_minute,
        "origins": found.origins,
        "quarantined": found.quarantined_at is not None,
        "completeness": None if complete is None else int(complete),
    }


def _line(row: Mapping[str, object]) -> str:
    state = "shut out" if row["quarantined"] else "let in"
    complete = "no reports yet" if row["completeness"] is None else f"{row['completeness']} of 100 complete"
    return f"{row['partner']}  {row['name']}  {state}  {row['quota_per_minute']} a minute  {complete}"


def _tell(found: Partner, made: Mapping[CredentialKind, str], as_json: bool) -> None:
    facts = {"partner": found.code, "username": found.username, **{kind.value: made[kind] for kind in made}}
    if as_json:
        click.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        click.echo(f"{name:10} {value}")
    click.echo("These are shown once. Hand them over by a safe way.")
