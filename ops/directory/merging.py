"""Three versions of one row, merged field by field: as it is here, as it is in a list, and what both began from.

Nothing here knows a database. Where a field was edited here the edit stays, whatever the list says, and also when the
list comes to say the same: it may be a list that was exported here. Everything else follows the list.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ops.directory.fields import Row


@dataclass(frozen=True, slots=True)
class Standing:
    """A row, as the list last had it, and what the list said of each field edited here when that was decided."""

    row: Row
    imported: Row = field(default_factory=dict)
    edited: Row = field(default_factory=dict)

    def is_contested(self, name: str) -> bool:
        """Whether the list changed it after it was edited here."""
        return name in self.edited and self.imported.get(name) != self.edited[name]


@dataclass(frozen=True, slots=True)
class Change:
    """One field and its two values."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Merged:
    """The row after a merge, and what the list changed of it."""

    standing: Standing
    taken: tuple[Change, ...]


def added(theirs: Row) -> Standing:
    """A row of a list that is not here yet."""
    return Standing(dict(theirs), dict(theirs))


def made(ours: Row) -> Standing:
    """A row that no list has: all of it was said here."""
    return Standing(dict(ours), {}, dict.fromkeys(ours))


def merge(here: Standing, theirs: Row, held: Collection[str] = ()) -> Merged:
    """What the list says now, taken wherever it was not edited here. What is `held` counts as edited as it is."""
    row, edited, taken = dict(here.row), dict(here.edited), list[Change]()
    for name in sorted({*row, *theirs, *edited}):
        ours, wanted = row.get(name), theirs.get(name)
        if ours == wanted:
            edited |= {name: wanted} if name in edited else {}
        elif name in held:
            edited.setdefault(name, here.imported.get(name))
        elif name not in edited:
            taken.append(Change(name, ours, wanted))
            _put(row, name, wanted)
    return Merged(Standing(row, dict(theirs), edited), tuple(taken))


def edit(here: Standing, values: Mapping[str, object]) -> Standing:
    """These fields say this from now on, and that was decided knowing what the list says."""
    row, edited = dict(here.row), dict(here.edited)
    for name, value in values.items():
        _put(row, name, value)
        edited[name] = here.imported.get(name)
        if value == edited[name]:
            del edited[name]
    return Standing(row, here.imported, edited)


def changes(before: Row, after: Row) -> list[Change]:
    """What is not the same in two rows."""
    names = sorted({*before, *after})
    return [Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def conflicts(here: Standing) -> Iterator[Change]:
    """What the list changed after it was edited here: as it is here, and as the list has it."""
    for name in sorted(here.edited):
        if here.is_contested(name):
            yield Change(name, here.row.get(name), here.imported.get(name))


def _put(row: Row, name: str, value: object) -> None:
    """What is not known is not in a row."""
    if value is None:
        row.pop(name, None)
    else:
        row[name] = value
