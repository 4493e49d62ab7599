"""Conditions and sets: values are checked where they stand, and sets are written out."""

import re
from collections.abc import Callable, Collection, Mapping

from core.countries import REGIONS
from triage.routing.document import Condition
from triage.routing.fields import PLACES, UNKNOWN, Field, is_value, names_of, spelt, values_of
from triage.routing.lines import Item, Line
from triage.routing.meant import meant

Trouble = Callable[[int, str, str], None]
_CONDITION = re.compile(r"(?i)(.+?) is( not)?(?: (?!not$)(.*)|$)")
_SET = re.compile(r"(?i)([\w-]+) ?[:=] ?")


def sets_known() -> dict[str, frozenset[str]]:
    """Sets that nobody needs to write: regions, by their usual names in small letters."""
    return {name.lower(): members for name, members in REGIONS.items()}


def read_set(sets: dict[str, frozenset[str]], line: Line, trouble: Trouble) -> None:
    """`NAME: VALUES`; what its values are shows where it is used, so they may be of any field."""
    begun = _SET.match(line.pieces[0].text)
    if not begun:
        trouble(line.number, "This is no set.", "Write `set NAME: VALUE, VALUE`.")
        return
    name = begun[1].lower()
    if name in sets:
        trouble(line.number, f"There is a set {begun[1]!r} already.", "Choose another name.")
    rest = line.after(begun[0])
    sets[name] = frozenset(value for item in rest.items() for value in _of_set(sets, item, trouble))


def _of_set(sets: Mapping[str, frozenset[str]], item: Item, trouble: Trouble) -> Collection[str]:
    if not item.text:
        trouble(item.line, "A value is missing here.", "Take the comma away, or write one.")
    return sets.get(item.text.lower()) or {item.text}


def read_condition(sets: Mapping[str, frozenset[str]], line: Line, trouble: Trouble) -> Condition | None:
    """`FIELD is VALUES` or `FIELD is not VALUES`; None when it is neither."""
    first = line.pieces[0].text
    found = _CONDITION.fullmatch(first)
    if not found:
        trouble(line.number, "This is no condition.", "Write `when FIELD is VALUE` or `when FIELD is not VALUE`.")
        return None
    field = read_field(found[1], line.number, trouble)
    if field is None:
        return None
    rest = line.after(first[: found.start(3)] if found[3] is not None else first)
    values = frozenset(value for item in rest.items() for value in read_values(field, sets, item, trouble))
    return Condition(field, values, bool(found[2]), line.number)


def read_field(typed: str, line: int, trouble: Trouble) -> Field | None:
    try:
        return Field(typed.lower())
    except ValueError:
        names = [field.value for field in Field]
        fix = meant(typed, names)
        trouble(line, f"Reports have no {typed!r}.", fix or f"They have {', '.join(names)}.")
        return None


def read_values(field: Field, sets: Mapping[str, frozenset[str]], item: Item, trouble: Trouble) -> Collection[str]:
    """What one item of a list stands for: itself, or every member of a set."""
    if item.text.lower() == UNKNOWN:
        return {UNKNOWN}
    members = sets.get(item.text.lower())
    if members is None:
        value = read_value(field, item, trouble, sets)
        return {value} if value else ()
    read = [read_value(field, Item(member, item.line), trouble) for member in sorted(members)]
    return [value for value in read if value]


def read_value(field: Field, item: Item, trouble: Trouble, sets: Collection[str] = ()) -> str | None:
    """The value as it is stored, or None after telling why there is no such value."""
    if not item.text:
        trouble(item.line, "A value is missing here.", "Write one, or take the comma away.")
        return None
    value = spelt(field, item.text)
    if is_value(field, value):
        return value
    known = [*(values_of(field) or ()), *(name for name in sets if field in PLACES)]
    what = f"{item.text!r} is no {'country' if field in PLACES else field.value}."
    trouble(item.line, what, meant(item.text, known, names_of(field)))
    return None
