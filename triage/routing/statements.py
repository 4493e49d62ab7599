"""The lines of a rule: its conditions, where it sends to, and what else it decides."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from triage.routing.document import OTHERWISE, Rule, Target
from triage.routing.lines import Item, Line
from triage.routing.progress import Reading, start_of, unknown
from triage.routing.values import read_condition

NAME = re.compile(r"[\w][\w-]{0,39}")
LONGEST_NOTIFY = 200
IN_RULE = ("when", "and", "send to", "refer to", "queue", "priority at least", "notify")


def in_rule(reading: Reading, line: Line, blocks: tuple[str, ...]) -> None:
    start = start_of(line.text, IN_RULE)
    if not start:
        unknown(reading, line, (*IN_RULE, *blocks))
        return
    rule, rest = reading.rules[-1], line.after(start)
    if start in ("when", "and"):
        reading.rules[-1] = _with_condition(reading, rule, line, rest)
        return
    if start in said_by(rule):
        reading.trouble(line.number, f"This rule says {start!r} twice.", "Put all of it in one line, with commas.")
    reading.rules[-1] = SAID[start](reading, rule, rest)


def said_by(rule: Rule) -> set[str]:
    """What a rule has said already."""
    said = {
        "send to": rule.targets,
        "refer to": rule.refers,
        "queue": rule.queue,
        "priority at least": rule.floor,
        "notify": rule.notify,
    }
    return {start for start, value in said.items() if value}


def _with_condition(reading: Reading, rule: Rule, line: Line, rest: Line) -> Rule:
    if rule.name == OTHERWISE:
        reading.trouble(line.number, "`otherwise` has no conditions.", "Make a rule of its own before it.")
        return rule
    condition = read_condition(reading.sets, rest, reading.trouble)
    if condition is None:
        return rule
    if any((known.field, known.is_not) == (condition.field, condition.is_not) for known in rule.conditions):
        what = f"This rule has a line for {condition.field.value!r} already."
        reading.trouble(line.number, what, "Put all values in one line, with commas.")
    return replace(rule, conditions=(*rule.conditions, condition))


def read_targets(reading: Reading, rest: Line) -> tuple[Target, ...]:
    targets = tuple(Target(item.text.lower(), item.line) for item in rest.items())
    for place, target in enumerate(targets):
        if not target.name:
            reading.trouble(target.line, "An agency is missing here.", "Write its code, or `the hotline`.")
        elif target.name in [earlier.name for earlier in targets[:place]]:
            reading.trouble(target.line, f"{target.name} stands in this line twice.", "Remove one of them.")
    return targets


def read_queue(reading: Reading, named: Item) -> Item:
    if not NAME.fullmatch(named.text.lower()):
        reading.trouble(named.line, f"{named.text!r} is no name of a queue.", "Use letters, digits and hyphens.")
    return Item(named.text.lower(), named.line)


def _read_floor(reading: Reading, rest: Line) -> int:
    if rest.text not in ("1", "2", "3", "4", "5"):
        reading.trouble(rest.number, f"{rest.text!r} is no priority.", "Write 1 (at once) to 5 (lowest).")
        return 5
    return int(rest.text)


def _read_teams(reading: Reading, rest: Line) -> tuple[Item, ...]:
    for item in rest.items():
        if not NAME.fullmatch(item.text.lower()):
            reading.trouble(item.line, f"{item.text!r} is no team's name.", "Use letters, digits and hyphens.")
    teams = tuple(Item(item.text.lower(), item.line) for item in rest.items())
    if len(",".join(team.text for team in teams)) > LONGEST_NOTIFY:
        fix = "Give them one name together, such as `on-call`."
        reading.trouble(rest.number, f"These names are longer than {LONGEST_NOTIFY} characters.", fix)
    return teams


SAID: Mapping[str, Callable[[Reading, Rule, Line], Rule]] = {
    "send to": lambda reading, rule, rest: replace(rule, targets=read_targets(reading, rest)),
    "refer to": lambda reading, rule, rest: replace(rule, refers=read_targets(reading, rest)),
    "queue": lambda reading, rule, rest: replace(rule, queue=read_queue(reading, Item(rest.text, rest.number))),
    "priority at least": lambda reading, rule, rest: replace(rule, floor=_read_floor(reading, rest)),
    "notify": lambda reading, rule, rest: replace(rule, notify=_read_teams(reading, rest)),
}
