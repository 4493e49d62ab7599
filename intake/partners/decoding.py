"""From JSON to a typed value, or to a problem that points at what is wrong."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import TypeVar

import msgspec

from core.countries import CODES
from intake.partners import problems
from intake.partners.problems import Flaw, Problem
from intake.partners.reading import parsed
from intake.partners.wire import Account, Report

T = TypeVar("T")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+|\.\.\.)\]")


def decoded(body: bytes, kind: type[T]) -> T | Problem:
    """The body as this type: read once, by one reader."""
    value = parsed(body)
    return value if isinstance(value, Problem) else converted(value, kind)


def converted(value: object, kind: type[T]) -> T | Problem:
    """What was parsed, as this type."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return problems.INVALID(errors=[flaw_of(error)])


def flaw_of(error: msgspec.ValidationError) -> Flaw:
    """`Expected int - at $.accounts[0].seen[1].port` as a pointer and a sentence."""
    what, _, where = str(error).rpartition(" - at `$")
    if not what:
        what, where = where, ""
    pointer = "".join(f"/{name or number}" for name, number in _STEP.findall(where.rstrip("`")))
    if unknown := _UNKNOWN.fullmatch(what):
        return Flaw(f"{pointer}/{_escaped(unknown[1])}", "This field is not known here.")
    return Flaw(pointer, f"{what}.")


def problems_in(report: Report) -> list[Flaw]:
    """What the types do not say: countries that are, and addresses that are."""
    return [*_countries(report), *_addresses(report)]


def _countries(report: Report) -> Iterator[Flaw]:
    given = [
        ("/child/country", report.child and report.child.country),
        ("/reporter/country", report.reporter and report.reporter.country),
        *((f"{pointer}/country", account.country) for pointer, account in _accounts(report)),
    ]
    return (Flaw(pointer, "This is no country of ISO 3166-1.") for pointer, code in given if code and code not in CODES)


def _addresses(report: Report) -> Iterator[Flaw]:
    for pointer, account in _accounts(report):
        for number, seen in enumerate(account.seen):
            if not _is_address(seen.ip):
                yield Flaw(f"{pointer}/seen/{number}/ip", "This is no IPv4 or IPv6 address.")


def _accounts(report: Report) -> Sequence[tuple[str, Account]]:
    """Every account, and where it is."""
    found = [(f"/accounts/{number}", account) for number, account in enumerate(report.accounts)]
    found += [(f"/others/{number}", account) for number, account in enumerate(report.others)]
    if report.child and report.child.account:
        found.append(("/child/account", report.child.account))
    if report.reporter and report.reporter.account:
        found.append(("/reporter/account", report.reporter.account))
    return found


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
