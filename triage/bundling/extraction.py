"""What a report names, as far as it can be read off by itself: links, e-mails, phones, hashes, accounts of a platform.

How the reporter can be reached is no mark: it would bundle a person with what happened to them.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import ada_url

from core.details import Details
from core.vocabulary import MarkKind
from triage.bundling.common import common
from triage.bundling.marks import Mark, strong

LONGEST = 20_000
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,2000}", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE = re.compile(r"\+\d(?:[\d ().-]{6,20})\d")
_HASH = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])")
_ACCOUNT = re.compile(
    r"@?(?P<handle>[\w.-]{3,40}) (?:on|at|in|auf|bei|sur|su|en|op|na|no|w|в|у|на) (?P<platform>\w{2,20})"
)
_END = ".,;:!?)]}'»”。，！？、؛،"


def marks_of(what: str, link: str, details: Details) -> list[Mark]:
    """The marks that bundle, in the order they are named."""
    text = f"{link}\n{what}\n{details.account}\n{details.suspect}"[:LONGEST]
    accounts = [_ACCOUNT.fullmatch(details.account.strip())] if details.account else []
    return strong([*_found(text), *(Mark(MarkKind.ACCOUNT, _account(match)) for match in accounts if match)])


def _found(text: str) -> Iterator[Mark]:
    for written in _URL.findall(text):
        if canonical := canonical_url(written.rstrip(_END)):
            yield Mark(MarkKind.URL, canonical)
    if "@" in text:
        yield from (Mark(MarkKind.EMAIL, email.lower()) for email in _EMAIL.findall(_URL.sub(" ", text)))
    if "+" in text:
        yield from (Mark(MarkKind.PHONE, re.sub(r"\D", "", phone)) for phone in _PHONE.findall(text))
    yield from (Mark(MarkKind.HASH, found.lower()) for found in _HASH.findall(text))


def canonical_url(written: str) -> str | None:
    """One form for all ways to write the same address, as browsers read it; None when it is none."""
    try:
        parsed = ada_url.URL(written if "://" in written else f"https://{written}")
    except ValueError:
        return None
    if parsed.protocol not in ("http:", "https:"):
        return None
    host = parsed.host.removeprefix("www.").removesuffix(":80").removesuffix(":443")
    query = sorted(pair for pair in parsed.search.removeprefix("?").split("&") if pair and not _tracks(pair))
    path = urlsplit(parsed.href).path.rstrip("/")
    return f"https://{host}{path or '/'}{'?' if query else ''}{'&'.join(query)}"


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in common("tracking") or name.startswith(tuple(common("tracking_starts")))


def _account(match: re.Match[str]) -> str:
    return f"{match['platform'].lower()}:{match['handle'].lower()}"
