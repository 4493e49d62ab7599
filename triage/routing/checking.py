"""Checking a document against the agencies there are: who can receive, what is never reached, what goes in circles."""

from collections.abc import Iterator, Sequence

from triage.routing.book import Book
from triage.routing.document import Document, Fallback, Problem, Target, in_order
from triage.routing.meant import meant
from triage.routing.names import Names, find_unknown
from triage.routing.parsing import parse
from triage.routing.reach import find_unreachable


def check(text: str, book: Book, names: Names | None = None) -> tuple[Document | None, list[Problem]]:
    """The document, or None and every problem, in the order of its lines; without `names` these are not looked at."""
    document, problems = parse(text)
    if document is None:
        return None, problems
    problems = [*_targets(document, book), *find_unreachable(document), *_circles(document, book)]
    problems += find_unknown(document, names) if names else ()
    return (None if problems else document), in_order(problems)


def _targets(document: Document, book: Book) -> Iterator[Problem]:
    for rule in document.rules:
        for target in rule.targets:
            yield from _receives(target, book)
        for target in rule.refers:
            yield from _is_known(target, book)
    for fallback in document.fallbacks:
        yield from _is_known(Target(fallback.agency, fallback.line), book)
        for target in fallback.targets:
            yield from _receives(target, book)
    for example in document.examples:
        yield from _receives(example.goes_to, book)


def _is_known(target: Target, book: Book) -> Iterator[Problem]:
    if target.is_agency and target.name not in book.entries:
        names = {entry.country.lower(): code for code, entry in book.entries.items() if entry.country}
        fix = meant(target.name, book.entries, names) or "`hotline agency import` adds agencies."
        yield Problem(target.line, f"The directory has no agency {target.name!r}.", fix)


def _receives(target: Target, book: Book) -> Iterator[Problem]:
    if not target.is_agency or book.receives(target.name):
        return
    if target.name not in book.entries:
        yield from _is_known(target, book)
        return
    fix = f"Connect it with `hotline agency connect {target.name}`, or name it in `refer to`."
    yield Problem(target.line, f"{target.name} has no queue here, so it cannot receive.", fix)


def _circles(document: Document, book: Book) -> Iterator[Problem]:
    """What one refuses goes to the next; following that must never lead back, and the hotline refuses nothing."""
    steps = {fallback.agency: fallback for fallback in document.fallbacks}
    told: set[str] = set()
    for fallback in document.fallbacks:
        if fallback.agency == book.home.code:
            yield Problem(fallback.line, "The hotline cannot refuse: it is where all ends.", "Remove this line.")
        circle = _circle_from(fallback, steps)
        if circle and not told & {step.agency for step in circle}:
            told |= {step.agency for step in circle}
            way = ", then ".join(f"{step.agency} (line {step.line})" for step in circle)
            what = f"What is refused goes in a circle: {way}, then {circle[0].agency} again."
            yield Problem(circle[-1].line, what, f"Send what {circle[-1].agency} refuses to the hotline.")


def _circle_from(start: Fallback, steps: dict[str, Fallback]) -> Sequence[Fallback]:
    """The steps that lead back to where they began, or none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for target in way[-1].targets:
            if target.name == start.agency:
                return way
            if target.name in steps and target.name not in seen:
                seen.add(target.name)
                ways.append([*way, steps[target.name]])
    return ()
