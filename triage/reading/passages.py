"""The texts of a report, each with the name of its field, within limits that hostile text cannot pass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import msgspec

from core.details import Details

LONGEST = 60_000  # characters of one text
MOST_CHARACTERS = 200_000
MOST_PASSAGES = 500
NOT_READ = frozenset({"safe", "reference", "media_type", "event", "at", "happened", "country", "child_country"})
SIGHTINGS = "seen"
"""An account has hundreds of them: they are read last, so that they leave room for what tells things apart."""
TOLD = frozenset({"what", "note", "suspect", "text", "urgency"})
"""Fields in which people tell something; the others name a thing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text; `service` is the platform that the field is about."""

    field: str
    text: str
    service: str = ""

    @property
    def name(self) -> str:
        """The last part of the field's path that is no number: `files.0.hashes.md5` is `md5`."""
        if "." not in self.field:
            return self.field
        return next((part for part in reversed(self.field.split(".")) if not part.isdigit()), "")

    @property
    def is_account_id(self) -> bool:
        """What an operator calls an account itself."""
        return self.name == "id" and self.field.startswith("accounts.")

    @property
    def tells(self) -> bool:
        return self.name in TOLD


def passages_of(words: Mapping[str, str], details: Details) -> tuple[list[Passage], bool]:
    """Every text that was sent, the reporter's own words first, and whether anything was cut."""
    passages: list[Passage] = []
    room, cut = MOST_CHARACTERS, False
    for passage in _all(words, details):
        most = min(LONGEST, room)
        if not most or len(passages) == MOST_PASSAGES:
            return passages, True
        cut = cut or len(passage.text) > most
        passages.append(Passage(passage.field, passage.text[:most], passage.service))
        room -= len(passages[-1].text)
    return passages, cut


def _all(words: Mapping[str, str], details: Details) -> Iterator[Passage]:
    for field, text in words.items():
        if text:
            yield Passage(field, text)
    later: list[Passage] = []
    for passage in _texts("", details, ""):
        if f".{SIGHTINGS}." in passage.field:
            later.append(passage)
        else:
            yield passage
    yield from later


def _texts(path: str, value: object, service: str) -> Iterator[Passage]:
    """Whatever is free text in it, however deep, with the service that stands beside it."""
    if isinstance(value, str):
        if value and not isinstance(value, Enum):
            yield Passage(path, value, service)
        return
    beside = (getattr(value, "service", "") if isinstance(value, msgspec.Struct) else "") or service
    for name, inner in _inside(value):
        if not inner or isinstance(inner, Enum):
            continue
        yield from _texts(f"{path}.{name}" if path else name, inner, beside)


def _inside(value: object) -> Iterator[tuple[str, object]]:
    """Its parts by name or number."""
    if isinstance(value, msgspec.Struct):
        yield from ((name, getattr(value, name)) for name in value.__struct_fields__ if name not in NOT_READ)
    elif isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from ((str(number), inner) for number, inner in enumerate(value))
