"""What a poster says: plain words, so that they can be handed to another process and looked up."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody else to call."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """Who helps in the poster's country."""

    code: str
    country: str
    danger: str
    emergency: tuple[str, ...]
    helpers: tuple[Helper, ...]


@dataclass(frozen=True, slots=True)
class Poster:
    """Every word of one poster, in the order in which it is read; `square` describes the QR code."""

    language: str
    direction: str
    name: str
    question: str
    headline: str
    sentences: tuple[str, ...]
    scan: str
    square: str
    address: str
    call: str
    phone: str
    nearby: Nearby | None

    @property
    def short_address(self) -> str:
        """What somebody types."""
        return self.address.partition("://")[2].rstrip("/")

    @property
    def title(self) -> str:
        return f"{self.headline} – {self.name}"

    @property
    def file_name(self) -> str:
        parts = ("poster", self.language, self.nearby.code if self.nearby else "")
        return "-".join(filter(None, parts)) + ".pdf"

    @property
    def letters(self) -> str:
        """Every letter there is, however often."""
        return "".join(_strings(astuple(self)))


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case tuple():
            for part in value:
                yield from _strings(part)
