"""Invented agencies for rules."""

from uuid import uuid4

from core.vocabulary import AgencyKind
from triage.routing.book import Book, Entry
from triage.routing.document import Document
from triage.routing.matcher import Matcher
from triage.routing.parsing import parse

END = "otherwise\n  send to the hotline\n"


def an_entry(code: str, country: str | None = None, kind: str = "hotline", receives: bool = True) -> Entry:
    home = code == "hotline"
    return Entry(uuid4(), code, AgencyKind(kind), country, home, f"key of {code}" if receives else None)


BOOK = Book.of(
    [
        an_entry("hotline"),
        an_entry("it-hotline", "IT"),
        an_entry("it-police", "IT", "police"),
        an_entry("de-police", "DE", "police"),
        an_entry("fr-hotline", "FR", receives=False),
        an_entry("fr-police", "FR", "police", receives=False),
    ]
)
RECEIVING = sorted(code for code in BOOK.entries if BOOK.receives(code))


def read(text: str) -> Document:
    """The document; these rules have nothing wrong with them."""
    document, problems = parse(text)
    assert document, problems
    return document


def a_matcher(text: str, book: Book = BOOK) -> Matcher:
    return Matcher(read(text), book)
