"""IP addresses, and what looks like one: versions, sections, times, networks."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import islice

from core.vocabulary import IdentifierKind, Sure
from triage.reading.clues import words_before
from triage.reading.finding import MOST, Finding
from triage.reading.lists import words_in

_FOUR = re.compile(r"(?<![A-Za-z0-9_.,:/-])(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_]|[-.]\w|,\d|/\d)")
_SIX = re.compile(
    r"(?<![A-Za-z0-9_.])(?<![0-9a-f:]:)\[?(?=[0-9a-f:]{0,39}:[0-9a-f:]{0,39}:)"
    r"(?P<address>[0-9a-f:]{3,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?)(?:%\w{1,16})?\]?(?![A-Za-z0-9_]|[:.]\w|/\d)",
    re.IGNORECASE,
)
_NO_ADDRESS = words_in("clues.toml", "no_address")


def find_addresses(text: str) -> Iterator[Finding]:
    """Every IPv4 and IPv6 address that somebody could have."""
    if "." in text:
        for match in islice(_FOUR.finditer(text), MOST):
            address = _four(match[0])
            if address and not _NO_ADDRESS & set(words_before(text, match.start(), 2)):
                yield _finding(address, match.start(), match.end())
    if ":" in text:
        for match in islice(_SIX.finditer(text), MOST):
            if address := _six(
                match["address"].rstrip(":") if not match["address"].endswith("::") else match["address"]
            ):
                yield _finding(address, match.start("address"), match.end("address"))


def address_in(text: str) -> IPv4Address | IPv6Address | None:
    """An address by itself; one of four inside one of six is the former."""
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _finding(address: IPv4Address | IPv6Address, start: int, end: int) -> Finding:
    text = str(address)
    return Finding(
        IdentifierKind.IP, text, start, end, Sure.LIKELY if address.version == 4 else Sure.CERTAIN, host=text
    )


def _four(text: str) -> IPv4Address | IPv6Address | None:
    """Not 0.x, and no number that begins with a zero: that is a date or a version."""
    address = address_in(text)
    return None if address is None or text.startswith("0.") else address


def _six(text: str) -> IPv4Address | IPv6Address | None:
    """Not a time, `a::b` of a program, or a short ratio: three parts at least, one of three digits or more."""
    groups = [group for group in text.split(":") if group]
    if len(groups) < 2 or not any(len(group) >= 3 for group in groups) or not any(map(str.isdigit, text)):
        return None
    address = address_in(text)
    return None if address is None or str(address).startswith("0.") else address
