"""Where things happen: what the reporter says, where a site stands, what a phone number tells; and whose it is then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ops.simulate.naming import PHONES

SPOKEN: Mapping[str, Sequence[str]] = {
    "ar": ("EG", "MA", "AE", "TN"),
    "de": ("DE", "AT", "CH"),
    "en": ("GB", "US", "IE", "AU", "NZ"),
    "es": ("ES", "MX", "AR", "CL"),
    "fr": ("FR", "BE", "CH", "LU"),
    "hi": ("IN",),
    "it": ("IT", "CH"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "pt": ("PT", "BR"),
    "uk": ("UA", "PL"),
    "zh-Hans": ("CN", "SG"),
}
WITHOUT_AN_AGENCY = frozenset({"NZ", "CL", "LU", "TN"})
"""In the simulation's own deployment. Every other country has one that answers for it."""

EVERYWHERE = tuple(sorted({country for countries in SPOKEN.values() for country in countries}))
ANSWERED = tuple(country for country in EVERYWHERE if country not in WITHOUT_AN_AGENCY)


@dataclass(frozen=True, slots=True)
class Where:
    """Empty is not known. `named` is a country that the words speak of and that says nothing about the reporter."""

    said: str = ""
    hosted: str = ""
    phone: str = ""
    named: str = ""

    def countries(self, knows_hosting: bool = True) -> tuple[str, ...]:
        """Where it belongs, the surest first: the first that has an agency, else the hotline."""
        told = dict.fromkeys((self.said, self.hosted if knows_hosting else ""))
        return tuple(country for country in told if country) or (self.phone,)


NOWHERE = Where()


def somewhere(chance: Random, language: str, linked: bool = False, calls: bool = False) -> Where:
    """Most say where they are; some of the others' sites and phones tell. Some speak of another country besides."""
    home = chance.choice(SPOKEN[language]) if chance.random() < 0.94 else chance.choice(EVERYWHERE)
    named = chance.choice([country for country in EVERYWHERE if country != home])
    return Where(
        said=home if chance.random() < 0.82 else "",
        hosted=chance.choice(ANSWERED) if linked and chance.random() < 0.6 else "",
        phone=chance.choice(sorted(PHONES)) if calls else "",
        named=named if chance.random() < 0.12 else "",
    )
