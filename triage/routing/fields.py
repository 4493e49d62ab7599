"""The fields that rules name, and the values each may have."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from babel import Locale

from core.countries import CODES
from core.vocabulary import About, Age, Channel, Danger, Kind, Risk

UNKNOWN = "unknown"


class Field(StrEnum):
    """As a rule spells it."""

    COUNTRY = "country"
    HOSTING = "hosting country"
    KIND = "kind"
    ABOUT = "about"
    AGE = "age"
    CHANNEL = "channel"
    LANGUAGE = "language"
    DANGER = "danger"
    RISK = "risk"
    PARTNER = "partner"


ATTRIBUTE: Mapping[Field, str] = {
    Field.COUNTRY: "country",
    Field.HOSTING: "hosting",
    Field.KIND: "kind",
    Field.ABOUT: "about",
    Field.AGE: "age",
    Field.CHANNEL: "channel",
    Field.LANGUAGE: "spoken",
    Field.DANGER: "danger",
    Field.RISK: "risks",
    Field.PARTNER: "partner",
}
"""Which attribute of Facts a field is."""

WORDS: Mapping[Field, type[StrEnum]] = {
    Field.KIND: Kind,
    Field.ABOUT: About,
    Field.AGE: Age,
    Field.CHANNEL: Channel,
    Field.DANGER: Danger,
    Field.RISK: Risk,
}
PLACES = frozenset({Field.COUNTRY, Field.HOSTING})
SEVERAL = frozenset({Field.HOSTING, Field.LANGUAGE, Field.RISK})
"""Fields of which one report may have several values."""


def spelt(field: Field, typed: str) -> str:
    """A value as it is stored: countries in capitals, words with underscores, `13-15` as `13_15`."""
    if field in PLACES:
        return typed.upper()
    return typed.lower().replace("-", "_").replace(" ", "_") if field in WORDS else typed.lower()


@cache
def values_of(field: Field) -> frozenset[str] | None:
    """Every value there is, or None when nobody can list them (partners)."""
    if field in PLACES:
        return CODES
    if field is Field.LANGUAGE:
        return frozenset(code.lower().replace("_", "-") for code in _languages())
    return frozenset(WORDS[field]) if field in WORDS else None


def is_value(field: Field, value: str) -> bool:
    """Whether a fact may have this value; a language's form counts when the language is known."""
    known = values_of(field)
    if known is None:
        return value.replace("-", "").replace("_", "").isalnum()
    return value in known or (field is Field.LANGUAGE and value.partition("-")[0] in known)


@cache
def names_of(field: Field) -> Mapping[str, str]:
    """What people may type instead, in small letters, and the value it stands for: `germany` for `DE`."""
    if field in PLACES:
        english = Locale("en").territories
        return {str(english[code]).lower(): code for code in CODES} | {"uk": "GB", "el": "GR"}
    if field is Field.LANGUAGE:
        return {name.lower(): code.lower() for code, name in _languages().items()}
    return {}


def _languages() -> dict[str, str]:
    """English names of languages, by code."""
    return {str(code): str(name) for code, name in Locale("en").languages.items()}
