"""The links of a case that somebody could be asked to remove: each once, as it can be reached."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ada_url

from core.keys import ConsoleKeys
from core.receipts import derived
from core.vocabulary import IdentifierKind
from triage.cases.opening import OpenedReport
from triage.cases.person import Person
from triage.reading.found import Identifier
from triage.reading.plain import plain
from triage.reading.read import Hints, read
from triage.reading.urls import url_of

MOST_LINKS = 60
"""That are shown at once: a form with a tick for each fits into one request."""
SITES = (IdentifierKind.URL, IdentifierKind.DOMAIN)
_SCHEME = re.compile(r"(https?|ftp)\s?[:;]?\s?[/\\]+(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is exact; `mark` is equal for all ways to write the same link, and tells it to nobody without the key."""

    url: str
    host: str
    mark: bytes


def links_of(keys: ConsoleKeys, person: Person, reports: Iterable[OpenedReport]) -> tuple[Sequence[Link], bool]:
    """Of these reports, and whether there are more than are shown. Raises KeysMissing."""
    found: dict[str, str] = {}
    for one in _sites(reports):
        exact = exactly(one)
        if url := url_of(exact):
            found.setdefault(url.canonical, exact)
    if not found:
        return [], False
    key = keys.own_key(person.agency_code, b"takedown")
    links = [_link(key, canonical, exact) for canonical, exact in list(found.items())[:MOST_LINKS]]
    return links, len(found) > MOST_LINKS


def exactly(found: Identifier) -> str:
    """The address as it was written, made whole, and without anybody's name and password.

    What a link is known by would not do: it leaves out what seldom matters, and a provider must find the very page.
    """
    written = plain(found.written).text.strip()
    match = _SCHEME.match(written)
    whole = f"{match[1]}://{match[2]}" if match else f"https://{written}"
    known = found.canonical if found.kind is IdentifierKind.URL else f"https://{found.host}/"
    exact = _as_opened(whole)
    mine, theirs = url_of(exact), url_of(known)
    return exact if mine and theirs and mine.canonical == theirs.canonical else known


def _as_opened(url: str) -> str:
    """As a browser would; empty for what none would open."""
    try:
        parsed = ada_url.URL(url)
        parsed.username = parsed.password = ""
    except ValueError:
        return ""
    return str(parsed.href)


def _sites(reports: Iterable[OpenedReport]) -> Iterator[Identifier]:
    """A report from before there were readings is read now."""
    for report in reports:
        words = {name: text for name, text in (report.words or {}).items() if name in ("what", "link")}
        if report.words is not None:
            reading = report.read.reading if report.read else read(words, report.details, Hints())
            yield from (one for one in reading.identifiers if one.kind in SITES)


def _link(key: bytes, canonical: str, exact: str) -> Link:
    url = url_of(canonical)
    return Link(exact, url.host.ascii if url else "", derived(key, b"link", canonical.encode())[:16])
