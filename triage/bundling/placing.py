"""Which case a report belongs to.

1. What its receipt's earlier reports are in: always, whatever it says (`pipeline` sees to that).
2. A flood's case, when its words are a copy of the flood's and the same sort of person says them.
3. The case that shares most of what it names, unless that case is flooded, or the report stands on its own. What it
   shares with a case that is known by many other things, and is not most of what it names itself, is everybody's.
4. The case whose words are most like its own, told by the same sort of person, unless both name things and none alike.
5. Else a case of its own.

Whatever else it shares with a case is a link between the two and no more. A report stands on its own when it is about
its reporter, their child, or somebody in danger now: it joins copies of itself only, answered alike, so that ten
thousand of those are one case too, and one child among ten thousand of others is not.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from triage.bundling.evidence import Evidence, Reader
from triage.bundling.shelf import Shelf, Text
from triage.bundling.sketch import is_short, likeness, replaced

NEAR, NEAR_IN_SHORT = 0.65, 0.8
REPLACED, REPLACED_IN_OWN = 0.1, 0.05
SAME = 0.9
MOST_LINKS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A case, or None for a new one; the text there that is most like this one, and cases to link."""

    case: UUID | None
    near: Text | None
    links: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Near:
    alike: float
    text: Text


def find_place(shelf: Shelf, reader: Reader, evidence: Evidence) -> Place:
    """Where it belongs, as far as the shelf knows."""
    named_by = [case for mark in evidence.named for case in shelf.by_mark.get(mark.joins, ())]
    apart = {case for mark in evidence.named for case in shelf.by_mark.get(mark.alone, ())}
    near = sorted(_near(shelf, evidence), key=lambda one: (-one.alike, one.text.id))
    copies = [one.text for one in near if _may_join(reader, evidence, one, {*named_by, *apart})]
    case = _flood(shelf, copies) or _named(shelf, evidence) or next((text.case for text in copies), None)
    others = dict.fromkeys([*named_by, *apart, *(one.text.case for one in near)])
    links = tuple(other for other in others if other != case)[:MOST_LINKS]
    return Place(case, next((text for text in copies if text.case == case), None), links)


def settle(shelf: Shelf, reader: Reader, evidence: Evidence, case: UUID, near: Text | None) -> UUID | None:
    """Know the case by this report's words; the id of the text it is counted under. `near` is like it and there."""
    if evidence.sketch is None:
        return None
    if near is None or likeness(near.sketch, evidence.sketch.words) < SAME:
        tag = reader.tag(evidence.sketch.words, evidence.standing, bool(evidence.named))
        near = shelf.add_text(evidence, case, tag, near.copies if near else 0)
    shelf.count(near, evidence.received_at)
    return near.id


def _near(shelf: Shelf, evidence: Evidence) -> Iterator[_Near]:
    if evidence.sketch is None:
        return
    for text in shelf.like(evidence):
        alike = likeness(text.sketch, evidence.sketch.words)
        if alike >= (NEAR_IN_SHORT if is_short(text.sketch) or is_short(evidence.sketch.words) else NEAR):
            yield _Near(alike, text)


def _may_join(reader: Reader, evidence: Evidence, near: _Near, sharing: set[UUID]) -> bool:
    """Told by the same sort of person, and of the same people: a form letter has other names in the same places.

    Two that name things and none alike are two things. In a flood neither matters.
    """
    text, standing = near.text, evidence.standing
    if not evidence.crowded and _is_of_others(near, evidence):
        return False
    if text.tag == reader.tag(text.sketch, standing, names=False):
        return True
    if text.tag != reader.tag(text.sketch, standing, names=True):
        return False
    return not evidence.named or evidence.crowded or text.case in sharing


def _is_of_others(near: _Near, evidence: Evidence) -> bool:
    assert evidence.sketch
    most = REPLACED_IN_OWN if evidence.standing.own else REPLACED
    return replaced(near.text.sketch, evidence.sketch.words) > most


def _flood(shelf: Shelf, copies: list[Text]) -> UUID | None:
    return next((text.case for text in copies if text.case in shelf.flooded), None)


def _named(shelf: Shelf, evidence: Evidence) -> UUID | None:
    """The oldest of those that share most, by what is nobody else's."""
    if evidence.standing.own or not evidence.named:
        return None
    cases = [shelf.by_mark.get(mark.joins, ()) for mark in evidence.named]
    shared = Counter(case for of_mark in cases for case in of_mark)
    too_broad = {case for case in shared if shelf.is_broad(case) and 2 * shared[case] <= len(evidence.named)}
    telling = Counter(case for of_mark in cases if too_broad.isdisjoint(of_mark) for case in of_mark)
    open_to_all = [(-count, case) for case, count in telling.items() if case not in shelf.flooded]
    return min(open_to_all)[1] if open_to_all else None
