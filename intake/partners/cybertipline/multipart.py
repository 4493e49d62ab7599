"""A multipart form, fed through piece by piece: what a part holds goes on at once and is not kept here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from python_multipart import MultipartParser
from python_multipart.multipart import parse_options_header

LONGEST_FIELD = 1024
LONGEST_NAME = 2056


class Broken(Exception):
    """The form is none: a boundary is missing, a header too long, the end never came."""


class Where(Enum):
    """The part that is being read."""

    FIELD = auto()
    FILE = auto()
    OTHER = auto()


@dataclass(slots=True)
class Form:
    """The one field and the one file of an upload. `take` gets the file's bytes; it must copy what it keeps."""

    take: Callable[[memoryview], None]
    id: str = ""
    files: int = 0
    name: str = ""
    media_type: str = ""
    ended: bool = False
    _where: Where = Where.OTHER
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _headers: dict[bytes, bytes] = field(default_factory=dict)
    _parser: MultipartParser | None = None

    def open(self, boundary: str) -> None:
        """Raises Broken."""
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._headers.clear,
                    "on_header_field": self._on_header_name,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers,
                    "on_part_data": self._on_data,
                    "on_end": self._on_end,
                },
            )
        except ValueError:
            raise Broken from None

    def feed(self, piece: bytes) -> None:
        """Raises Broken."""
        assert self._parser, "open comes first"
        try:
            self._parser.write(piece)
        except ValueError:
            raise Broken from None

    def _on_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _on_header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        name.clear()
        value.clear()

    def _on_headers(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition", b""))[1]
        name = options.get(b"name", b"")
        self._where = {b"id": Where.FIELD, b"file": Where.FILE}.get(name, Where.OTHER)
        if self._where is Where.FILE:
            self.files += 1
            self.name = options.get(b"filename", b"").decode("utf-8", "replace")[:LONGEST_NAME]
            self.media_type = self._headers.get(b"content-type", b"").decode("latin-1")[:LONGEST_NAME]

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._where is Where.FILE:
            self.take(memoryview(data)[start:end])
        elif self._where is Where.FIELD:
            self.id += data[start:end].decode("latin-1")[:LONGEST_FIELD]
            if len(self.id) > LONGEST_FIELD:
                raise Broken

    def _on_end(self) -> None:
        self.ended = True
