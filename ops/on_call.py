"""`hotline oncall`: who is called when somebody must look at a case, and in whose turn."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import connect, transaction
from core.envelopes import enclose
from core.errors import HotlineError, WrongWay
from core.ids import uuid7
from core.keys import ConsoleKeys
from core.models import Agency, OnCall
from core.models.alarm import ON_CALL
from core.sealing import PublicKey, Row
from core.settings import Settings
from core.vocabulary import Act, By
from ops.addresses import with_addresses
from ops.agencies import find_agency
from triage.referrals.ways import check_address, check_url
from triage.routing.statements import NAME as TEAM

LONGEST_NAME = 200
as_json = click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")


class NobodyThere(HotlineError):
    """Nobody on call has this number; `hotline oncall list` shows them."""


def add(
    session: Session,
    courier: PublicKey,
    name: str,
    by: By,
    contact: str,
    turn: int = 1,
    agency: str | None = None,
    team: str = ON_CALL,
) -> OnCall:
    """Their address is sealed to the courier: nothing else opens it. Raises NoSuchAgency, WrongWay."""
    check_address(contact) if by is By.EMAIL else check_url(contact)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise WrongWay("A name has 1 to 200 characters.")
    if not TEAM.fullmatch(team.lower()):
        raise WrongWay("A team's name has letters, digits and hyphens, as rules have it after `notify`.")
    at, id = find_agency(session, agency), uuid7()
    sealed = enclose(courier, Row("on_call", id), "contact", contact)
    added = OnCall(id=id, agency_id=at.id, name=name, team=team.lower(), turn=turn, by=by, contact=sealed)
    session.add(added)
    audit.record(session, at.id, None, Act.ON_CALL_ADDED, id)
    return added


def remove(session: Session, id: UUID) -> None:
    """What was on its way to them goes too. Raises NobodyThere."""
    found = session.get(OnCall, id)
    if found is None:
        raise NobodyThere
    session.delete(found)
    audit.record(session, found.agency_id, None, Act.ON_CALL_REMOVED, id)


@click.group()
def oncall() -> None:
    """Who is called when a child may be in danger now, or a deadline has passed."""


@oncall.command("add")
@click.argument("name")
@click.option("--email", help="Their e-mail address.")
@click.option("--webhook", help="An https address that wakes them.")
@click.option("--turn", type=click.IntRange(1, 9), default=1, show_default=True, help="1 is called first.")
@click.option("--team", default=ON_CALL, show_default=True, help="Other teams are told when a rule names them.")
@click.option("--agency", help="The code of their agency; without it, the hotline that runs this.")
@as_json
def add_command(
    name: str, email: str | None, webhook: str | None, turn: int, team: str, agency: str | None, as_json: bool
) -> None:
    """Call NAME when it is their turn; one line for each way to reach them."""
    if bool(email) == bool(webhook):
        raise WrongWay("Give either --email or --webhook.")
    by, contact = (By.EMAIL, email) if email else (By.WEBHOOK, webhook)
    with _open() as (session, settings):
        added = add(session, ConsoleKeys.read(settings.keys_dir).courier, name, by, contact or "", turn, agency, team)
    shown = {"id": str(added.id), "name": added.name, "team": added.team, "turn": turn, "by": by.value}
    click.echo(json.dumps(shown) if as_json else f"{added.name} is in {added.team} ({by}, turn {turn}): {added.id}")


@oncall.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """Everybody on call. Their addresses are sealed and not shown."""
    with _open() as (session, _):
        found = select(OnCall, Agency.code).join(Agency, Agency.id == OnCall.agency_id)
        rows = [
            {
                "id": str(one.id),
                "agency": code,
                "team": one.team,
                "turn": one.turn,
                "name": one.name,
                "by": one.by.value,
            }
            for one, code in session.execute(found.order_by(Agency.code, OnCall.team, OnCall.turn, OnCall.name))
        ]
    lines = ["  ".join(str(value) for value in row.values()) for row in rows]
    click.echo(json.dumps(rows) if as_json else "\n".join(lines) or "Nobody is on call yet.")


@oncall.command("remove")
@click.argument("id", type=click.UUID)
@as_json
def remove_command(id: UUID, as_json: bool) -> None:
    """Call them no more; ID is shown by `list`."""
    with _open() as (session, _):
        remove(session, id)
    click.echo(json.dumps({"removed": str(id)}) if as_json else "They are not called any more.")


@contextmanager
def _open() -> Iterator[tuple[Session, Settings]]:
    settings = with_addresses(Settings.from_environ())
    with transaction(connect(settings.database_url or "", pool=1)) as session:
        yield session, settings
