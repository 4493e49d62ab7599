"""Everything in a text that can be looked for again, each thing once."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from core.vocabulary import IdentifierKind
from triage.reading import handles
from triage.reading.addresses import find_addresses
from triage.reading.emails import find_emails
from triage.reading.finding import Finding, covered
from triage.reading.found import Identifier
from triage.reading.handles import find_at_names, find_full_names
from triage.reading.hashes import find_hashes
from triage.reading.links import find_bare, find_links
from triage.reading.naming import find_named, names_a_platform
from triage.reading.passages import Passage
from triage.reading.phones import find_phones
from triage.reading.plain import Plain, plain
from triage.reading.spelled import SPOKEN, find_spelled
from triage.reading.wallets import find_wallets

LINK_FIELDS = frozenset({"link", "urls", "url"})
NAME_FIELDS = frozenset({"account", "handle"})
PHONE_FIELDS = frozenset({"phones"})
_LONG = 25  # no wallet and no hash is shorter
_DIGITS = re.compile(r"\d[\d\s().\-/–+]{4,}\d")

Words = Collection[str]
Wanted = Callable[[str, Words], bool]
Finder = Callable[[str, Passage, str], Iterable[Finding]]


def identifiers_in(passage: Passage, region: str, words: Words) -> Iterator[Identifier]:
    """Every identifier in one text of these folded words; `region` is the country of numbers without a country code."""
    text = plain(passage.text)
    for found in _findings(passage, text.text, region, words):
        yield _identifier(passage, text, found)


def once_each(found: Iterable[Identifier], most: int) -> tuple[tuple[Identifier, ...], bool]:
    """The first of each, at most `most`, and whether there were more; no bare @name whose platform is known."""
    first: dict[tuple[IdentifierKind, str], Identifier] = {}
    for one in found:
        first.setdefault((one.kind, one.canonical), one)
    known = {one.canonical.partition(":")[2] for one in first.values() if one.platform}
    kept = [one for one in first.values() if not (one.canonical[0] == "@" and one.canonical[1:] in known)]
    return tuple(kept[:most]), len(kept) > most


def _findings(passage: Passage, text: str, region: str, words: Words) -> list[Finding]:
    """What each finder finds in what the ones before it have left."""
    platform = _platform(passage)
    if named := _named(passage, text, platform):
        return [named]
    all_found: list[Finding] = []
    for finder in [finder for wanted, finder in FINDERS if wanted(text, words)]:
        found = list(finder(text, passage, region))
        if found:
            all_found += [*found, *_accounts(found)]
            text = covered(text, found)
    if passage.name in NAME_FIELDS and not all_found:
        named = handles.of_field(text, platform)
        return [named] if named else []
    return all_found


def _platform(passage: Passage) -> str:
    service = " ".join(passage.service.lower().split())
    return handles.platform_called(service) or service


def _named(passage: Passage, text: str, platform: str) -> Finding | None:
    """The account of a service that is told besides: by its number, or as a name that begins with @."""
    if passage.is_account_id:
        return handles.of_id(text, platform)
    return handles.of_field(text, platform) if passage.name in NAME_FIELDS and platform and text[:1] == "@" else None


FINDERS: Sequence[tuple[Wanted, Finder]] = (
    (lambda text, _: "/" in text or "\\" in text, lambda text, *_: find_links(text)),
    (lambda text, _: "@" in text, lambda text, *_: find_emails(text)),
    (lambda _, words: not SPOKEN.isdisjoint(words), lambda text, *_: find_spelled(text)),
    (lambda text, _: "." in text, lambda text, passage, _: find_bare(text, passage.name in LINK_FIELDS)),
    (lambda text, _: max(map(len, text.split()), default=0) >= _LONG, lambda text, passage, _: _long(text, passage)),
    (lambda text, _: "." in text or ":" in text, lambda text, *_: find_addresses(text)),
    (lambda text, _: "@" in text or "#" in text, lambda text, *_: find_full_names(text)),
    (lambda _, words: names_a_platform(words), lambda text, *_: find_named(text)),
    (lambda text, _: "@" in text, lambda text, *_: find_at_names(text)),
    (
        lambda text, _: bool(_DIGITS.search(text)),
        lambda text, passage, region: find_phones(text, region, passage.name in PHONE_FIELDS),
    ),
)
"""In the order they are asked, each with when it may find something: most texts hold nothing."""


def _long(text: str, passage: Passage) -> Sequence[Finding]:
    """Wallets, and hashes in what they leave."""
    wallets = list(find_wallets(text))
    return [*wallets, *find_hashes(covered(text, wallets), passage.name)]


def _accounts(found: Sequence[Finding]) -> Iterator[Finding]:
    """The accounts that links lead to."""
    for link in found:
        if link.kind is IdentifierKind.URL:
            platform, name = handles.of_link(link.canonical, link.host)
            if name:
                account = handles.canonical(name, platform)
                yield Finding(IdentifierKind.HANDLE, account, link.start, link.end, link.sure, platform=platform)


def _identifier(passage: Passage, text: Plain, found: Finding) -> Identifier:
    start, end = text.place(found.start, found.end)
    flags = tuple(dict.fromkeys((*found.flags, *text.flags(found.start, found.end))))
    return Identifier(
        kind=found.kind,
        canonical=found.canonical,
        written=passage.text[start:end],
        field=passage.field,
        start=start,
        end=end,
        sure=found.sure,
        country=found.country,
        platform=found.platform,
        host=found.host,
        flags=flags,
    )
