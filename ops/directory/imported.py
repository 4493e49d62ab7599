"""What an import did, or would do: told to people, and as facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.models import Agency
from core.vocabulary import By
from ops.directory.fields import to_text
from ops.directory.merging import Change, conflicts
from ops.directory.rows import standing_of

MOST_GONE = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One row of the list, and what was taken of it."""

    agency: Agency
    is_new: bool
    taken: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Imported:
    """By code. `gone` came from this list once and is kept, `removed` was removed here and stays so."""

    count: int
    added: Mapping[str, str]
    changed: Mapping[str, Sequence[Change]]
    conflicts: Mapping[str, Sequence[Change]]
    gone: Sequence[str]
    removed: Sequence[str]
    no_password: Sequence[str]

    @classmethod
    def of(cls, found: Sequence[Found], gone: Sequence[Agency]) -> "Imported":
        contested = {one.agency.code: list(conflicts(standing_of(one.agency))) for one in found}
        touched = [one.agency for one in found if one.is_new or any(change.field == "way" for change in one.taken)]
        return cls(
            count=len(found),
            added={one.agency.code: one.agency.name for one in found if one.is_new},
            changed={one.agency.code: one.taken for one in found if one.taken},
            conflicts={code: changes for code, changes in contested.items() if changes},
            gone=[agency.code for agency in gone if not agency.removed_at],
            removed=[one.agency.code for one in found if one.agency.removed_at],
            no_password=[agency.code for agency in touched if agency.way and agency.way["by"] == By.CYBERTIPLINE],
        )

    def facts(self) -> dict[str, object]:
        changed = [_fact(code, one, "from", "to") for code, all_of in self.changed.items() for one in all_of]
        return {
            "imported": self.count,
            "added": list(self.added),
            "changed": changed,
            "conflicts": facts_of(self.conflicts),
            "gone": list(self.gone),
            "removed": list(self.removed),
        }

    def lines(self) -> Iterator[str]:
        same = self.count - len(self.added.keys() | self.changed.keys())
        yield f"{self.count} agencies read: {len(self.added)} new, {len(self.changed)} changed, {same} as they were."
        for code, name in self.added.items():
            yield f"new: {code}: {name}"
        for code, changes in self.changed.items():
            yield from (f"changed: {code} {told(one)}" for one in changes)
        yield from conflict_lines(self.conflicts)
        for code in self.no_password:
            yield f"no password: {code}: files have none; `hotline agency route {code}` takes it."
        for code in self.gone[:MOST_GONE]:
            yield f"gone: {code} is not in the list any more. It was kept; `hotline agency remove {code}` removes it."
        if len(self.gone) > MOST_GONE:
            yield f"gone: {len(self.gone) - MOST_GONE} more, which --json names. Is this another list? --list names it."
        for code in self.removed:
            yield f"removed: {code} was removed here and stays so; `hotline agency restore {code}` brings it back."


def facts_of(contested: Mapping[str, Sequence[Change]]) -> list[dict[str, object]]:
    return [_fact(code, one, "here", "there") for code, changes in contested.items() for one in changes]


def conflict_lines(contested: Mapping[str, Sequence[Change]]) -> Iterator[str]:
    """Each with the two ways out."""
    for code, changes in contested.items():
        for one in changes:
            here, there = to_text(one.field, one.before) or "nothing", to_text(one.field, one.after) or "nothing"
            yield f"conflict: {code} {one.field} is {here!r} here, {there!r} in the list. Kept; to end it:"
            yield f"    hotline agency accept {code} {one.field}   or   hotline agency keep {code} {one.field}"


def told(change: Change) -> str:
    before, after = (to_text(change.field, value) or "nothing" for value in (change.before, change.after))
    return f"{change.field}: {before} -> {after}"


def _fact(code: str, change: Change, before: str, after: str) -> dict[str, object]:
    return {"code": code, "field": change.field, before: change.before, after: change.after}
