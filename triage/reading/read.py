"""Reading one report: from what was sent to all that it tells. Pure and linear; nobody is asked anything."""

from collections.abc import Mapping, Sequence

import msgspec

from core.details import Details
from core.vocabulary import Danger, IdentifierKind
from triage.reading.countries import choose, signs_of_country, signs_of_hosting
from triage.reading.folding import words_of
from triage.reading.found import CountrySign, Identifier, Reading, RiskSign, Tongue
from triage.reading.handles import is_platform
from triage.reading.identifiers import identifiers_in, once_each
from triage.reading.language import Evidence, candidates, evidence_in, tongue_of
from triage.reading.lexicon import languages
from triage.reading.passages import Passage, passages_of
from triage.reading.risks import signs_in_words, signs_of_answers

SITES = (IdentifierKind.URL, IdentifierKind.DOMAIN)
MOST_IDENTIFIERS = 200
MOST_SIGNS = 100
MOST_UNKNOWN = 1500  # words: what is longer and in no language is not told by anybody


class Hints(msgspec.Struct, frozen=True):
    """What is known besides the words: the country that was chosen, the page's language, the answer about danger."""

    country: str = ""
    language: str = ""
    danger: Danger = Danger.UNSAID


class Told(msgspec.Struct, frozen=True):
    """One text, its words, and in which language it may be; only where somebody tells something."""

    passage: Passage
    words: Sequence[str]
    evidence: Evidence | None


def read(words: Mapping[str, str], details: Details, hints: Hints) -> Reading:
    """What a report tells. `words` are its texts by field."""
    passages, cut = passages_of(words, details)
    told = [_told(passage, hints) for passage in passages]
    identifiers, more = once_each(
        (found for one in told for found in identifiers_in(one.passage, hints.country, frozenset(one.words))),
        MOST_IDENTIFIERS,
    )
    partner = str(getattr(details, "child_country", ""))
    countries = tuple(signs_of_country(hints.country, partner, identifiers))[:MOST_SIGNS]
    return Reading(
        tongue=_tongue(told),
        identifiers=identifiers,
        signs=_signs(told, details, hints),
        countries=countries,
        choice=choose(countries),
        cut=cut or more,
    )


def located(reading: Reading, hosting: Mapping[str, Sequence[str]]) -> Reading:
    """The same, with where its hosts are: countries by host, as `hosting` finds them."""
    hosts = set(hosts_of(reading.identifiers))
    more = signs_of_hosting({host: places for host, places in hosting.items() if host in hosts})
    countries: tuple[CountrySign, ...] = (*reading.countries, *more)[:MOST_SIGNS]
    return msgspec.structs.replace(reading, countries=countries, choice=choose(countries))


def hosts_of(identifiers: Sequence[Identifier]) -> Sequence[str]:
    """Every site's name, once: its address says where it is hosted. A big platform is everywhere, and so nowhere."""
    sites = (found.host for found in identifiers if found.kind in SITES)
    return [host for host in dict.fromkeys(sites) if not is_platform(host)]


def _told(passage: Passage, hints: Hints) -> Told:
    words = words_of(passage.text)
    return Told(passage, words, evidence_in(passage.text, words, _short(hints.language)) if passage.tells else None)


def _tongue(told: Sequence[Told]) -> Tongue:
    """Of the longest text in which somebody tells something."""
    telling = [one for one in told if one.evidence]
    longest = max(telling, key=lambda one: len(one.words), default=None)
    return tongue_of(longest.evidence) if longest and longest.evidence else Tongue()


def _signs(told: Sequence[Told], details: Details, hints: Hints) -> tuple[RiskSign, ...]:
    signs = list(signs_of_answers(hints.danger, details))
    for one in told:
        if one.evidence:
            signs += _signs_of(one, one.evidence, hints)
    return tuple(signs[:MOST_SIGNS])


def _signs_of(one: Told, evidence: Evidence, hints: Hints) -> Sequence[RiskSign]:
    """In the languages a text may be in, the page's among them; in every one there is when nothing tells."""
    likely, words = candidates(evidence), one.words
    spoken = list(dict.fromkeys([*likely, _short(hints.language)])) if likely else languages()
    if not likely:
        words = words[:MOST_UNKNOWN]
    return signs_in_words(one.passage.field, one.passage.text, words, spoken)


def _short(language: str) -> str:
    return language.partition("-")[0]
