"""Countries: ISO 3166-1 codes from `data/`, names from CLDR in the reader's language."""

import json
import unicodedata
from functools import cache

from babel import Locale

from core.settings import ROOT

_FILE = json.loads((ROOT / "data/countries.json").read_text(encoding="utf-8"))
CODES: frozenset[str] = frozenset(_FILE["codes"])
REGIONS: dict[str, frozenset[str]] = {region: frozenset(codes) for region, codes in _FILE["regions"].items()}

_EMERGENCY = json.loads((ROOT / "data/emergency.json").read_text(encoding="utf-8"))
_KNOWN_TO_ALL = ("000", "111", "911", "112", "999")
_MOST = 4


def emergency_numbers(code: str) -> list[str]:
    """At most four numbers to call there, the one for every need first; none when they are not known.

    112 is that in the European Union, by law (Directive (EU) 2018/1972, Article 109).
    """
    numbers = [str(number) for number in _EMERGENCY.get(code, ())]
    first = ("112",) if code in REGIONS["EU"] else _KNOWN_TO_ALL
    return sorted(numbers, key=lambda number: first.index(number) if number in first else len(first))[:_MOST]


@cache
def named(locale: Locale) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, in the order of the names; accents do not count."""
    names = [(code, str(locale.territories[code])) for code in CODES]
    return tuple(sorted(names, key=lambda country: _collated(country[1])))


def _collated(name: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if c.isalnum() or c == " "), name
