"""The source that is kept: the report as it came, and for each uploaded file its hashes and what was said of it.

Records are set apart by a character that no XML document may hold, so each is found again byte for byte.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from core.accounts import File
from core.cybertipline.grammar.files import FILE_DETAILS
from core.cybertipline.grammar.report import REPORT
from core.cybertipline.grammar.shapes import Element
from core.cybertipline.node import Node
from core.cybertipline.reading import read
from core.cybertipline.writing import write
from core.errors import CannotOpen

T = TypeVar("T")
APART = "\x1e"


class Upload(msgspec.Struct, frozen=True):
    """A file that was uploaded and dropped: its id, its size in bytes, its hashes.

    `worth` is what having files adds to the completeness of a report that told of none.
    """

    id: str
    size: int
    worth: int
    file: File

    def to_text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_text(cls, text: str) -> "Upload":
        """Raises CannotOpen."""
        return _decoded(text, cls)


class Described(msgspec.Struct, frozen=True):
    """What was said of a file later: the document as it came, and the facts of it that can be worked with."""

    document: str
    file: File

    def to_text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_text(cls, text: str) -> "Described":
        """Raises CannotOpen."""
        return _decoded(text, cls)


@dataclass(frozen=True, slots=True)
class Kept:
    """All that came for one report: documents as text, files by their hashes."""

    report: str
    files: tuple[tuple[Upload, str], ...] = ()

    def to_text(self) -> str:
        files = (f"\n{APART}{upload.to_text()}\n{document}" for upload, document in self.files)
        return self.report + "".join(files)

    @classmethod
    def from_text(cls, text: str) -> "Kept":
        """Raises CannotOpen for what was not kept here."""
        report, *files = text.split(f"\n{APART}")
        return cls(report, tuple(_file(record) for record in files))

    def written(self) -> Iterable[str]:
        """The report's document and each file's, as NCMEC's schema has them. Raises CannotOpen."""
        yield _rewritten(self.report, REPORT)
        for _, document in self.files:
            if document:
                yield _rewritten(document, FILE_DETAILS)


def whole_file(upload: Upload, described: Described | None) -> File:
    """What is known of a file from its bytes and from its operator."""
    told = described.file if described else File()
    size = f"size: {upload.size} bytes"
    return File(
        hashes=upload.file.hashes | told.hashes,
        name=told.name or upload.file.name,
        media_type=upload.file.media_type,
        url=told.url,
        note=f"{size}\n{told.note}" if told.note else size,
    )


def _file(record: str) -> tuple[Upload, str]:
    upload, _, document = record.partition("\n")
    return Upload.from_text(upload), document


def _rewritten(document: str, element: Element) -> str:
    root = read(document.encode())
    if not isinstance(root, Node):
        raise CannotOpen
    return write(root, element)


def _decoded(text: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError:
        raise CannotOpen from None
