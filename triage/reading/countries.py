"""Which country a report is about: every sign with its source and weight, and a choice that shows how it was made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import iptocc

from core.countries import CODES
from core.vocabulary import CountrySource, IdentifierKind
from triage.reading.found import CountryChoice, CountrySign, Identifier
from triage.reading.handles import country_of_platform
from triage.reading.lists import numbers_in, words_in

ENOUGH = 15
_ALIASES = {
    "uk": "GB",
    "xn--j1amh": "UA",
    "xn--p1ai": "RU",
    "xn--h2brj9c": "IN",
    "xn--fiqs8s": "CN",
    "xn--fiqz9s": "CN",
}


def signs_of_country(reporter: str, partner: str, identifiers: Iterable[Identifier]) -> Iterator[CountrySign]:
    """What was said, then what each identifier points to. No question is asked to anybody."""
    for source, country in ((CountrySource.REPORTER, reporter), (CountrySource.PARTNER, partner)):
        if country in CODES:
            yield _sign(source, country, source.value)
    for found in identifiers:
        if found.kind is IdentifierKind.PHONE and found.country in CODES:
            yield _sign(CountrySource.PHONE, found.country, found.canonical)
        elif found.kind is IdentifierKind.IP and (country := country_of_address(found.canonical)):
            yield _sign(CountrySource.ADDRESS, country, found.canonical)
        elif found.kind is IdentifierKind.HANDLE and (country := country_of_platform(found.platform)):
            yield _sign(CountrySource.PLATFORM, country, found.canonical)
        elif found.host and (country := country_of_top(found.host)):
            yield _sign(CountrySource.TOP_LEVEL, country, found.host)


def signs_of_hosting(hosting: Mapping[str, Sequence[str]]) -> Iterator[CountrySign]:
    """Where the hosts' addresses are, by host."""
    for host, places in hosting.items():
        for country in places:
            yield _sign(CountrySource.HOSTING, country, host)


def choose(signs: Iterable[CountrySign]) -> CountryChoice:
    """The country with most points: of each source its strongest sign and a tenth for every other, up to a ceiling."""
    points: dict[str, dict[CountrySource, int]] = {}
    for sign in signs:
        of_country = points.setdefault(sign.country, {})
        so_far = of_country.get(sign.source, 0)
        more = so_far + sign.weight // 10 if so_far else sign.weight
        of_country[sign.source] = min(more, _weights("ceilings")[sign.source])
    ranked = sorted(points.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    if not ranked or sum(ranked[0][1].values()) < ENOUGH:
        return CountryChoice()
    (country, by), *others = ranked
    next_country, next_by = others[0] if others else ("", {})
    sources = tuple(sorted(by, key=lambda source: -by[source]))
    return CountryChoice(country, sum(by.values()), next_country, sum(next_by.values()), sources)


def country_of_address(address: str) -> str:
    """By the registries' own lists; empty for private addresses and those nobody was given."""
    country = iptocc.country_code(address)
    return country if country in CODES else ""


def country_of_top(host: str) -> str:
    """By the name's ending: who may register it may be anywhere."""
    top = host.rpartition(".")[2]
    if top in _no_countries():
        return ""
    country = _ALIASES.get(top, top.upper())
    return country if country in CODES else ""


@cache
def _no_countries() -> frozenset[str]:
    return words_in("countries.toml", "not_countries")


@cache
def _weights(name: str) -> Mapping[CountrySource, int]:
    rows = numbers_in("countries.toml", name)
    return {source: rows[source.value] for source in CountrySource}


def _sign(source: CountrySource, country: str, where: str) -> CountrySign:
    return CountrySign(source, country, _weights("weights")[source], where)
