"""Countries: ISO 3166-1 codes from `data/`, names from CLDR in the reader's language."""

import json
import unicodedata
from functools import cache

from babel import Locale

from core.settings import ROOT

_FILE = json.loads((ROOT / "data/countries.json").read_text(encoding="utf-8"))
CODES: frozenset[str] = frozenset(_FILE["codes"])
REGIONS: dict[str, frozenset[str]] = {region: frozenset(codes) for region, codes in _FILE["regions"].items()}


@cache
def named(locale: Locale) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, in the order of the names; accents do not count."""
    names = [(code, str(locale.territories[code])) for code in CODES]
    return tuple(sorted(names, key=lambda country: _collated(country[1])))


def _collated(name: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if c.isalnum() or c == " "), name
