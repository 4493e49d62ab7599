"""`hotline agency route`, `hours` and `signing-key`: how an agency receives what is sent to it, and when it works."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import IO, get_args

import click
import msgspec
from sqlalchemy.orm import Session

from core import audit
from core.envelopes import enclose
from core.errors import WrongWay
from core.keys import ConsoleKeys, CourierKeys
from core.models import Agency
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Act, By
from ops.agencies import agency, find_agency
from ops.directory.rows import LOCK, mark
from ops.directory.values import as_json
from ops.routing.sources import deployment
from triage.deadlines import DAYS, OFFICE, Calendar, Hours, WrongHours
from triage.referrals.making import by_of
from triage.referrals.ways import AnyWay, Console, Way
from triage.referrals.webhook import public_half


def set_way(session: Session, keys: ConsoleKeys, code: str, by: str, given: Mapping[str, str], secret: str) -> Agency:
    """From now on this agency receives so. Raises NoSuchAgency, WrongWay."""
    session.execute(LOCK)
    found = find_agency(session, code)
    way = spelled_way(AnyWay, by, given)
    if isinstance(way, Console) and not found.public_key:
        raise WrongWay(f"{code} has no queue here: connect it first with `hotline agency connect {code}`.")
    if (by == By.CYBERTIPLINE) != bool(secret):
        raise WrongWay("A password goes with --by cybertipline, and with nothing else.")
    found.way = as_json(way)
    found.way_secret = enclose(keys.courier, Row("agencies", found.id), "way_secret", secret) if secret else None
    mark(found, "way")
    audit.record(session, found.id, None, Act.AGENCY_ROUTED, found.id)
    return found


def set_hours(session: Session, code: str, hours: Hours) -> Agency:
    """Raises NoSuchAgency, WrongHours."""
    Calendar.of(hours)
    session.execute(LOCK)
    found = find_agency(session, code)
    found.hours = as_json(hours)
    mark(found, "hours")
    audit.record(session, found.id, None, Act.AGENCY_HOURS_SET, found.id)
    return found


def spellings(ways: object) -> list[str]:
    """What each of these ways is called."""
    return [str(shape.__struct_config__.tag) for shape in get_args(ways)]


def spelled_way(ways: object, by: str, given: Mapping[str, str]) -> Way:
    """One of these ways, as somebody spelled it. Raises WrongWay."""
    shape = get_args(ways)[spellings(ways).index(by)]
    strange = set(given) - set(shape.__struct_fields__)
    if strange:
        raise WrongWay(f"--{min(strange)} does not go with --by {by}.")
    try:
        way: Way = msgspec.convert(dict(given) | {"by": by}, ways)
    except msgspec.ValidationError:
        needed = " and ".join(f"--{field.name}" for field in msgspec.structs.fields(shape) if field.required)
        raise WrongWay(f"--by {by} needs {needed}.") from None
    way.check()
    return way


def week_of(spelled: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """`mon-fri 09:00-17:00` as hours by weekday. Raises WrongHours."""
    week: dict[str, tuple[str, ...]] = {}
    for one in spelled:
        days, _, times = one.partition(" ")
        first, _, last = days.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise WrongHours("Hours look like `mon-fri 09:00-17:00` or `sat 10:00-14:00`.")
        for day in DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]:
            week[day] = (*week.get(day, ()), *times.split())
    return week


@agency.command("route")
@click.argument("code")
@click.option("--by", required=True, type=click.Choice(spellings(AnyWay)), help="How it receives.")
@click.option("--to", help="Its e-mail address (email, xarf).")
@click.option("--url", help="Its https address (webhook; cybertipline: without /submit).")
@click.option("--key", help="Its age recipient, age1... (email, webhook; xarf if it has one).")
@click.option("--user", help="The user name it gave us (cybertipline).")
@click.option("--password-file", type=click.File(), help="A file with the password it gave us, - for standard input.")
@click.option("--tell", help="What staff tell people about it (signpost).")
@click.option("--json", "as_json", is_flag=True, help="Print the agency as JSON.")
def route_command(code: str, by: str, password_file: IO[str] | None, as_json: bool, **given: str | None) -> None:
    """Say how the agency CODE receives what is sent to it."""
    words = {name: value for name, value in given.items() if value is not None}
    secret = password_file.read().strip() if password_file else ""
    with deployment() as (settings, session):
        found = set_way(session, ConsoleKeys.read(settings.keys_dir), code, by, words, secret)
        shown = {"code": found.code, "by": by_of(found).value}
    click.echo(json.dumps(shown) if as_json else f"{code} receives by {by}.")


@agency.command("hours")
@click.argument("code")
@click.option("--zone", default="UTC", show_default=True, help="Its time zone, like Europe/Rome.")
@click.option("--open", "opening", multiple=True, help="Like `mon-fri 09:00-17:00`; repeat for more.")
@click.option("--holiday", multiple=True, help="A day off, like 2026-12-25; repeat for more.")
@click.option("--holidays", type=click.Path(path_type=Path), help="A file with one day off a line.")
@click.option("--deadline", multiple=True, help="PRIORITY=SPAN: 30m, 4h, 2d, or 16wh for working hours.")
@click.option("--json", "as_json", is_flag=True, help="Print the hours as JSON.")
def hours_command(
    code: str,
    zone: str,
    opening: tuple[str, ...],
    holiday: tuple[str, ...],
    holidays: Path | None,
    deadline: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say when the agency CODE works, and how soon its cases must be decided."""
    hours = Hours(
        zone=zone,
        week=week_of(opening) or OFFICE,
        holidays=_days((*holiday, *_lines(holidays))),
        spans=dict(one.partition("=")[::2] for one in deadline),
    )
    with deployment() as (_, session):
        set_hours(session, code, hours)
    click.echo(msgspec.json.encode(hours).decode() if as_json else f"{code} works by these hours.")


@agency.command("signing-key")
def signing_key_command() -> None:
    """Print the public key that agencies check our webhooks with (Standard Webhooks, v1a)."""
    click.echo(public_half(CourierKeys.read(Settings.from_environ().keys_dir).sign))


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return path.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        raise WrongHours(f"{path.name} cannot be read: it has one day a line, like 2026-12-25.") from None


def _days(spelled: tuple[str, ...]) -> tuple[date, ...]:
    try:
        return tuple(sorted({date.fromisoformat(day) for day in spelled}))
    except ValueError:
        raise WrongHours("A day off looks like 2026-12-25.") from None
