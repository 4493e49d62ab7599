"""The directory: who takes reports in each country. `data/agencies.json` is what a deployment starts with."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from core.countries import REGIONS
from core.settings import ROOT
from core.vocabulary import Accepted, AgencyKind

AGENCIES = ROOT / "data/agencies.json"
_DIALABLE = re.compile(r"\+?\d[\d -]*")
_ACCEPTED = frozenset(Accepted)
_ORDER = (AgencyKind.HOTLINE, AgencyKind.POLICE, AgencyKind.HELPLINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sourced row; None is "not known", never "no". `country` None answers for every country."""

    code: str
    country: str | None
    name: str
    kind: AgencyKind
    report_url: str | None
    website: str | None
    phone: str | None
    email: str | None
    languages: tuple[str, ...]
    anonymous: bool | None
    accepts: tuple[str, ...]
    source: str
    checked: date | None
    note: str | None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            code=row["code"],
            country=row["country"],
            name=row["name"],
            kind=AgencyKind(row["kind"]),
            report_url=_web_address(row.get("report_url")),
            website=_web_address(row.get("website")),
            phone=row.get("phone"),
            email=row.get("email"),
            languages=tuple(row.get("languages", ())),
            anonymous=row.get("anonymous"),
            accepts=tuple(what for what in row.get("accepts", ()) if what in _ACCEPTED),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]) if "checked" in row else None,
            note=row.get("note"),
        )

    @property
    def url(self) -> str | None:
        """Its form, or else its site."""
        return self.report_url or self.website

    @property
    def call(self) -> str | None:
        """What a phone dials; None when it is not written in digits alone."""
        return "tel:" + re.sub(r"[ -]", "", self.phone) if self.phone and _DIALABLE.fullmatch(self.phone) else None

    @property
    def source_site(self) -> str | None:
        """The host name of the page it was read on, when it was a page."""
        return urlsplit(self.source).hostname if _web_address(self.source) else None

    @property
    def is_reachable(self) -> bool:
        """A person can call it or report on its site."""
        return bool(self.phone or self.url)


class Directory:
    """Every entry, by country; whoever holds it sees what it was replaced with."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.replace(entries)

    @classmethod
    def read(cls, path: Path = AGENCIES) -> Self:
        return cls(Entry.from_row(row) for row in json.loads(path.read_text(encoding="utf-8")))

    def replace(self, entries: Iterable[Entry]) -> None:
        """From now on these."""
        self.entries = tuple(entries)
        countries = {entry.country for entry in self.entries}
        self._by_country = {country: self._in_order(country) for country in countries}

    def for_country(self, code: str | None) -> list[Entry]:
        """Reachable ones first; hotlines, then police, then helplines.

        When nobody in the country is reachable its region's entries and the world's follow.
        """
        own = self._by_country.get(code, ())
        if any(entry.is_reachable for entry in own):
            return list(own)
        regions = [region for region, members in REGIONS.items() if code in members]
        wider = [self._by_country.get(region, ()) for region in (*regions, None) if region != code]
        return [*own, *(entry for entries in wider for entry in entries)]

    def _in_order(self, country: str | None) -> tuple[Entry, ...]:
        own = [entry for entry in self.entries if entry.country == country]
        return tuple(sorted(own, key=lambda entry: (not entry.is_reachable, _ORDER.index(entry.kind), entry.code)))


def _web_address(text: str | None) -> str | None:
    """Only http and https become links."""
    return text if text and text.startswith(("https://", "http://")) else None
