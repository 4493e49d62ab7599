"""The people who work here: made by whoever runs the hotline, never by themselves."""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from itertools import count

import click
import pyotp
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit
from core.db import connect, transaction
from core.errors import HotlineError
from core.ids import uuid7
from core.keys import ConsoleKeys
from core.models import Agency, Staff
from core.settings import Settings
from core.vocabulary import Act, Role
from ops.addresses import with_addresses
from ops.agencies import find_agency
from triage.console.credentials import new_password, password_hash, seal_totp_secret

LONGEST_NAME = 200
LONGEST_LOGIN = 60
NAMELESS = "staff"  # a name in no Latin letters is no log-in name either


class NotAName(HotlineError):
    """A name has 1 to 200 characters."""


class NoSuchRole(HotlineError):
    """A role is analyst, supervisor or administrator."""


class NotConnected(HotlineError):
    """This agency works no cases here: connect it first with `hotline agency connect`."""


@dataclass(frozen=True, slots=True)
class NewStaff:
    """All that somebody needs to log in; shown once, for what is stored cannot be turned back into it."""

    login: str
    password: str
    totp_secret: str


def add_staff(session: Session, keys: ConsoleKeys, name: str, role: str, agency: str | None = None) -> NewStaff:
    """A new person at an agency, by its code; without one, at the home agency.

    Raises NotAName, NoSuchRole, NoSuchAgency, NotConnected.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NotAName
    if role not in set(Role):
        raise NoSuchRole(f"There is no role {role!r}. {NoSuchRole.__doc__}")
    at = _agency(session, agency)
    password, secret = new_password(), pyotp.random_base32()
    facts = {"name": name, "role": Role(role), "agency_id": at.id, "password_hash": password_hash(password)}
    person_id = uuid7()
    facts |= {"id": person_id, "totp_secret": seal_totp_secret(keys, person_id, secret)}
    login = _insert(session, facts, slug(name))
    audit.record(session, at.id, None, Act.STAFF_ADDED, person_id)
    return NewStaff(login, password, secret)


def _agency(session: Session, code: str | None) -> Agency:
    found = find_agency(session, code)
    if found.public_key is None:
        raise NotConnected(f"{code} works no cases here: connect it first with `hotline agency connect {code}`.")
    return found


def _insert(session: Session, facts: dict[str, object], slug: str) -> str:
    """The log-in name under which the person was stored: `ada`, or else `ada-2`, `ada-3`, ..."""
    for number in count(1):
        login = slug if number == 1 else f"{slug}-{number}"
        adding = insert(Staff).values(**facts, login=login).on_conflict_do_nothing(index_elements=["login"])
        if session.execute(adding.returning(Staff.id)).first():
            return login
    raise AssertionError  # numbers do not end


def slug(name: str, nameless: str = NAMELESS) -> str:
    """The name in a to z, 0 to 9 and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_LOGIN].strip("-") or nameless


@click.group()
def staff() -> None:
    """The people who work in the console."""


@staff.command("add")
@click.argument("name")
@click.option("--role", required=True, help="analyst, supervisor or administrator.")
@click.option("--agency", help="The code of a connected agency; without it, the hotline that runs this.")
@click.option("--json", "as_json", is_flag=True, help="Print the log-in as JSON.")
def add_command(name: str, role: str, agency: str | None, as_json: bool) -> None:
    """Let NAME log in, and print how: once, for nothing stored tells it again."""
    settings = with_addresses(Settings.from_environ())
    with transaction(connect(settings.database_url or "", pool=1)) as session:
        new = add_staff(session, ConsoleKeys.read(settings.keys_dir), name, role, agency)
    click.echo(json.dumps(asdict(new)) if as_json else "\n".join(_lines(new, settings.name)))


def _lines(new: NewStaff, hotline: str) -> list[str]:
    uri = pyotp.TOTP(new.totp_secret).provisioning_uri(name=new.login, issuer_name=hotline)
    return [
        f"Log-in name        {new.login}",
        f"Password           {new.password}",
        f"Authenticator key  {new.totp_secret}",
        f"                   {uri}",
        "This is shown once. Hand it over in person or by a safe way.",
    ]
