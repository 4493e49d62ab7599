"""`hotline provider`: hosting providers' abuse contacts, written down by hand."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

import click
import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.db import connect, transaction
from core.errors import HotlineError, WrongWay
from core.models import Agency, Provider
from core.settings import Settings
from core.vocabulary import Act
from ops.addresses import with_addresses
from ops.agencies import find_agency
from ops.receiving import spelled_way, spellings
from triage.reading.hosts import host_of
from triage.referrals.ways import ProvidersWay
from triage.takedowns.providers import by_of_provider, check_name

Decorated = TypeVar("Decorated", bound=Callable[..., object])
CONTACT = (
    click.option("--by", required=True, type=click.Choice(spellings(ProvidersWay)), help="How it receives."),
    click.option("--to", help="Its e-mail address for abuse (email, plain)."),
    click.option("--url", help="Its https address (webhook)."),
    click.option("--key", help="Its age recipient, age1... (email, webhook)."),
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")


def contact(command: Decorated) -> Decorated:
    """The options that say how a provider receives."""
    for option in reversed(CONTACT):
        command = option(command)
    return command


class NoSuchProvider(HotlineError):
    """No provider has this number; `hotline provider list` shows them."""


class KnownAlready(HotlineError):
    """A provider with this very contact is there; `hotline provider list` shows it."""


def add(
    session: Session, name: str, by: str, given: Mapping[str, str], sites: Sequence[str] = (), agency: str | None = None
) -> Provider:
    """For one agency, or for all. Raises WrongWay, NoSuchAgency, KnownAlready."""
    way = spelled_way(ProvidersWay, by, given)
    name, domains = check_name(name), [_domain(site) for site in sites]
    home, stored = find_agency(session, agency), msgspec.to_builtins(way)
    _refuse_known(session, home.id if agency else None, stored)
    added = Provider(name=name, way=stored, sites=domains, agency_id=home.id if agency else None)
    session.add(added)
    session.flush()  # its number is asked for
    audit.record(session, home.id, None, Act.PROVIDER_ADDED, added.id)
    return added


def change(session: Session, id: UUID, by: str, given: Mapping[str, str]) -> Provider:
    """What is still on its way goes there too. Raises WrongWay, NoSuchProvider, KnownAlready."""
    found, stored = _find(session, id), msgspec.to_builtins(spelled_way(ProvidersWay, by, given))
    if stored != found.way:
        _refuse_known(session, found.agency_id, stored)
    found.way = stored
    _record(session, found, Act.PROVIDER_CHANGED)
    return found


def retire(session: Session, id: UUID) -> Provider:
    """It is offered no more; what it is being asked to remove goes on. Raises NoSuchProvider."""
    found = _find(session, id)
    found.retired_at = func.now()
    _record(session, found, Act.PROVIDER_RETIRED)
    return found


def _find(session: Session, id: UUID) -> Provider:
    found = session.get(Provider, id)
    if found is None:
        raise NoSuchProvider
    return found


def _refuse_known(session: Session, agency: UUID | None, way: Mapping[str, object]) -> None:
    same = select(Provider.id).where(Provider.agency_id.is_not_distinct_from(agency), Provider.way == way)
    if session.scalar(same.where(Provider.retired_at.is_(None))):
        raise KnownAlready


def _record(session: Session, provider: Provider, act: Act) -> None:
    agency = provider.agency_id or find_agency(session, None).id
    audit.record(session, agency, None, act, provider.id)


def _domain(site: str) -> str:
    host = host_of(site)
    if host is None or host.is_address:
        raise WrongWay("A site is a domain, such as pages.host.example.")
    return host.ascii


@click.group()
def provider() -> None:
    """Hosting providers that are asked to remove links, and how each is written to."""


@provider.command("add")
@click.argument("name")
@contact
@click.option("--site", "sites", multiple=True, help="A domain by which it is suggested; repeat for more.")
@click.option("--agency", help="The code of the only agency that writes to it; without it, all do.")
@as_json
def add_command(
    name: str, by: str, sites: tuple[str, ...], agency: str | None, as_json: bool, **given: str | None
) -> None:
    """Write down NAME and its contact for abuse."""
    with _open() as session:
        shown = _shown(add(session, name, by, _said(given), sites, agency), agency)
    click.echo(json.dumps(shown) if as_json else f"{shown['name']} is a provider now ({by}): {shown['id']}")


@provider.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """Every provider that is written to."""
    with _open() as session:
        found = select(Provider, Agency.code).outerjoin(Agency, Agency.id == Provider.agency_id)
        known = found.where(Provider.retired_at.is_(None)).order_by(Provider.name, Provider.id)
        rows = [_shown(one, code) for one, code in session.execute(known)]
    lines = [f"{row['id']}  {row['name']}  {row['by']}  {row['contact']}  {row['agency'] or 'all'}" for row in rows]
    click.echo(json.dumps(rows) if as_json else "\n".join(lines) or "No provider is written down yet.")


@provider.command("change")
@click.argument("id", type=click.UUID)
@contact
@as_json
def change_command(id: UUID, by: str, as_json: bool, **given: str | None) -> None:
    """Give the provider ID another contact; ID is shown by `list`."""
    with _open() as session:
        name = change(session, id, by, _said(given)).name
    click.echo(json.dumps({"id": str(id), "by": by}) if as_json else f"{name} receives by {by}.")


@provider.command("retire")
@click.argument("id", type=click.UUID)
@as_json
def retire_command(id: UUID, as_json: bool) -> None:
    """Offer the provider ID no more; what it is being asked to remove goes on."""
    with _open() as session:
        name = retire(session, id).name
    click.echo(json.dumps({"retired": str(id)}) if as_json else f"{name} is offered no more.")


def _said(given: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value is not None}


def _shown(provider: Provider, agency: str | None) -> dict[str, object]:
    where = provider.way.get("to") or provider.way.get("url")
    by = by_of_provider(provider).value
    facts = {"id": str(provider.id), "name": provider.name, "by": by, "contact": where}
    return {**facts, "sites": provider.sites, "agency": agency}


@contextmanager
def _open() -> Iterator[Session]:
    settings = with_addresses(Settings.from_environ())
    with transaction(connect(settings.database_url or "", pool=1)) as session:
        yield session
