"""Facts as people write them: `country is IT`."""

import msgspec

from triage.routing.facts import Facts
from triage.routing.fields import ATTRIBUTE, SEVERAL, UNKNOWN, Field
from triage.routing.lines import Line
from triage.routing.values import Trouble, read_field, read_value


def read_fact(facts: Facts, line: Line, trouble: Trouble) -> Facts:
    """The facts with one more: `FIELD is VALUE`, or several values where a report may have several."""
    name = line.text.lower().partition(" is")[0]
    field = read_field(name, line.number, trouble)
    if field is None:
        return facts
    items = line.after(line.pieces[0].text[: len(name) + len(" is")]).items()
    if len(items) == 1 and items[0].text.lower() == UNKNOWN:
        return facts
    values = tuple(value for item in items if (value := read_value(field, item, trouble)))
    if not values:
        return facts
    if field not in SEVERAL or field is Field.LANGUAGE:
        if len(items) > 1:
            trouble(line.number, f"A report has one {field.value} only.", "Write one example for each.")
        return msgspec.structs.replace(facts, **{_attribute(field): values[0]})
    return msgspec.structs.replace(facts, **{_attribute(field): values})


def _attribute(field: Field) -> str:
    return "language" if field is Field.LANGUAGE else ATTRIBUTE[field]
