"""Countries: ISO 3166-1 codes and emergency numbers from `data/`, and what they call themselves."""

import json

from core.settings import ROOT

_FILE = json.loads((ROOT / "data/countries.json").read_text(encoding="utf-8"))
CODES: frozenset[str] = frozenset(_FILE["codes"])
REGIONS: dict[str, frozenset[str]] = {region: frozenset(codes) for region, codes in _FILE["regions"].items()}

_EMERGENCY = json.loads((ROOT / "data/emergency.json").read_text(encoding="utf-8"))
_ENDONYMS = json.loads((ROOT / "data/endonyms.json").read_text(encoding="utf-8"))
_KNOWN_TO_ALL = ("000", "111", "911", "112", "999")
_MOST = 4


def emergency_numbers(code: str) -> list[str]:
    """At most four numbers to call there, the one for every need first; none when they are not known.

    112 is that in the European Union, by law (Directive (EU) 2018/1972, Article 109).
    """
    numbers = [str(number) for number in _EMERGENCY.get(code, ())]
    first = ("112",) if code in REGIONS["EU"] else _KNOWN_TO_ALL
    return sorted(numbers, key=lambda number: first.index(number) if number in first else len(first))[:_MOST]


def flag(code: str) -> str:
    """Two regional indicators: a flag where the reader's fonts have one, the code's letters elsewhere (UTS #51)."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)


def endonyms(code: str) -> list[str]:
    """What a country calls itself, in its official languages."""
    names: list[str] = _ENDONYMS.get(code, [])
    return names
