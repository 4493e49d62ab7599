"""The golden set: examples with the agency they must reach. They stand in the document, so each version has its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.routing.book import Book
from triage.routing.document import Document, Example, Whose
from triage.routing.matcher import Matcher
from triage.routing.parsing import parse


@dataclass(frozen=True, slots=True)
class Judged:
    """An example, where it must go and where it goes; one that is not there any more has line 0."""

    name: str
    line: int
    wanted: str
    goes_to: str
    rule: str

    @property
    def has_moved(self) -> bool:
        return self.goes_to != self.wanted

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}The example {self.name!r} must reach {self.wanted} and goes to {self.goes_to}: {self.rule}."


def find_moved(live: str, document: Document, book: Book) -> list[Judged]:
    """What these rules would send elsewhere, of their own examples and of the live rules' ones.

    A live example that was changed or left out has moved too, whatever it says now: it may not do so unseen.
    """
    before, _ = parse(live) if live else (None, [])
    own = {example.name: example for example in document.examples}
    changed = list(_changed(before.examples if before else (), own, book))
    told = {one.name for one in changed}
    return [*changed, *(one for one in check_golden(document, book) if one.has_moved and one.name not in told)]


def check_golden(document: Document, book: Book) -> list[Judged]:
    """Every example of a document and where it goes now."""
    matcher = Matcher(document, book)
    return [_judged(example, matcher) for example in document.examples]


def _judged(example: Example, matcher: Matcher) -> Judged:
    decision, wanted = matcher.decide(example.facts), _wanted(example, matcher.book)
    return Judged(example.name, example.line, wanted, decision.agency, f"by {decision.rule!r}, line {decision.line}")


def _wanted(example: Example, book: Book) -> str:
    return book.home.code if example.goes_to.name == Whose.HOTLINE else example.goes_to.name


def _changed(kept: Sequence[Example], own: Mapping[str, Example], book: Book) -> Iterator[Judged]:
    """Examples of the live rules that the new ones leave out or say otherwise."""
    for example in kept:
        now, wanted = own.get(example.name), _wanted(example, book)
        if now is None:
            yield Judged(example.name, 0, wanted, "nowhere", "it is left out")
        elif _wanted(now, book) != wanted:
            yield Judged(example.name, now.line, wanted, _wanted(now, book), "it says another agency now")
        elif now.facts != example.facts:
            yield Judged(example.name, now.line, wanted, "who knows where", "it says other facts now")
