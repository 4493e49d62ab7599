"""What a reading finds. All of it can be written as JSON, so that it can be sealed."""

import msgspec

from core.vocabulary import CountrySource, Flag, IdentifierKind, Sign, Sure


class Identifier(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that can be looked for again.

    `written` is what stands in the text at `start` to `end` of `field`; `canonical` is equal for equal things.
    `host` is the ASCII name or the address a URL, domain or e-mail leads to; `platform` is a handle's.
    """

    kind: IdentifierKind
    canonical: str
    written: str
    field: str
    start: int
    end: int
    sure: Sure = Sure.LIKELY
    country: str = ""
    platform: str = ""
    host: str = ""
    flags: tuple[Flag, ...] = ()


class Tongue(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text's language and script, empty when they are not known; `share` is how much of the evidence it has."""

    language: str = ""
    script: str = ""
    share: float = 0.0


class RiskSign(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sign of risk; without a `language` it comes from an answer, else from words at `start` to `end`."""

    sign: Sign
    field: str
    start: int = 0
    end: int = 0
    language: str = ""


class CountrySign(msgspec.Struct, frozen=True, omit_defaults=True):
    """What points to a country, how strongly (0 to 100), and where it was found."""

    source: CountrySource
    country: str
    weight: int
    where: str = ""


class CountryChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """The country a report is about as far as can be told, its points and those of the next one."""

    country: str = ""
    points: int = 0
    next_country: str = ""
    next_points: int = 0
    by: tuple[CountrySource, ...] = ()


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that one report told; `cut` says that it was longer, or named more, than is read."""

    tongue: Tongue = Tongue()
    identifiers: tuple[Identifier, ...] = ()
    signs: tuple[RiskSign, ...] = ()
    countries: tuple[CountrySign, ...] = ()
    choice: CountryChoice = CountryChoice()
    cut: bool = False
