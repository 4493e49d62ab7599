"""From text to a document: every line that cannot be read is named, with what would put it right.

The grammar is docs/routing.md; one statement a line, in blocks.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from triage.routing.document import OTHERWISE, Document, Example, Fallback, Problem, Rule, Target, Whose, in_order
from triage.routing.examples import read_fact
from triage.routing.facts import Facts
from triage.routing.lines import Line, read_lines
from triage.routing.meant import meant
from triage.routing.progress import Reading, start_of, unknown
from triage.routing.statements import in_rule, read_queue, read_targets
from triage.routing.values import read_set

LONGEST = 256 * 1024
MOST_RULES = 2_000
BLOCKS = ("set", "queues", "rule", "otherwise", "refused by", "example")
IN_EXAMPLE = ("goes to",)


def parse(text: str) -> tuple[Document | None, list[Problem]]:
    """The document, or None and what is wrong with it, in the order of its lines."""
    if len(text) > LONGEST:
        return None, [Problem(1, f"The rules are longer than {LONGEST:,} characters.", "Use sets to say less.")]
    if "\0" in text:
        place = text[: text.index("\0")].count("\n") + 1
        return None, [Problem(place, "There is a character here that is none (NUL).", "Save the file as plain text.")]
    reading = Reading()
    for line in read_lines(text):
        _read(reading, line)
    _finish(reading, text.count("\n") + 1)
    if reading.problems:
        return None, in_order(reading.problems)
    return Document(tuple(reading.rules), tuple(reading.fallbacks), tuple(reading.examples)), []


def _read(reading: Reading, line: Line) -> None:
    start = start_of(line.text, BLOCKS)
    if start:
        BEGIN[start](reading, line, line.after(start))
    elif reading.block == "rule":
        in_rule(reading, line, BLOCKS)
    elif reading.block == "example":
        _in_example(reading, line)
    else:
        unknown(reading, line, BLOCKS)


def _begin_set(reading: Reading, line: Line, rest: Line) -> None:
    reading.block = ""
    read_set(reading.sets, rest, reading.trouble)


def _begin_queues(reading: Reading, line: Line, rest: Line) -> None:
    """Whoever names their queues here is told of a rule that names another one."""
    reading.block = ""
    reading.queues += [read_queue(reading, item) for item in rest.items()]


def _begin_rule(reading: Reading, line: Line, rest: Line) -> None:
    reading.block = "rule"
    name = rest.text.strip('"')
    if reading.has_end:
        reading.trouble(line.number, "No rule can come after `otherwise`.", "Move it up.")
    _named_once(reading, line, name, reading.named["rule"])
    reading.rules.append(Rule(name, line.number))


def _begin_otherwise(reading: Reading, line: Line, rest: Line) -> None:
    reading.block = "rule"
    if rest.text:
        reading.trouble(line.number, "`otherwise` stands alone on its line.")
    if reading.has_end:
        reading.trouble(line.number, "There is an `otherwise` already.", "Remove one of them.")
    reading.has_end = True
    reading.rules.append(Rule(OTHERWISE, line.number))


def _begin_refused(reading: Reading, line: Line, rest: Line) -> None:
    reading.block = ""
    first, colon, _ = rest.pieces[0].text.partition(":")
    if not colon:
        reading.trouble(line.number, "This says not where to.", "Write `refused by ONE-AGENCY: ANOTHER-AGENCY`.")
        return
    code = first.strip().lower()
    if any(code == known.agency for known in reading.fallbacks):
        reading.trouble(line.number, f"What {code} refuses is said already.", "Put both in one line, with a comma.")
    reading.fallbacks.append(Fallback(code, line.number, read_targets(reading, rest.after(first + ":"))))


def _begin_example(reading: Reading, line: Line, rest: Line) -> None:
    reading.block = "example"
    name = rest.text.strip('"')
    _named_once(reading, line, name, reading.named["example"])
    reading.examples.append(Example(name, line.number, Facts(), Target("", line.number)))


BEGIN: Mapping[str, Callable[[Reading, Line, Line], None]] = {
    "set": _begin_set,
    "queues": _begin_queues,
    "rule": _begin_rule,
    "otherwise": _begin_otherwise,
    "refused by": _begin_refused,
    "example": _begin_example,
}


def _named_once(reading: Reading, line: Line, name: str, known: dict[str, int]) -> None:
    if not name or len(name) > 120:
        reading.trouble(line.number, "A name of 1 to 120 characters is missing.", "Say in a few words what it is for.")
    elif name in known:
        reading.trouble(line.number, f"The name {name!r} is taken by line {known[name]}.", "Choose another.")
    known.setdefault(name, line.number)


def _in_example(reading: Reading, line: Line) -> None:
    example = reading.examples[-1]
    if start_of(line.text, IN_EXAMPLE):
        reading.examples[-1] = replace(example, goes_to=_read_goes_to(reading, line.after("goes to")))
    elif " is " in line.text.lower() or line.text.lower().endswith(" is"):
        reading.examples[-1] = replace(example, facts=read_fact(example.facts, line, reading.trouble))
    else:
        unknown(reading, line, (*IN_EXAMPLE, *BLOCKS))


def _read_goes_to(reading: Reading, rest: Line) -> Target:
    targets = read_targets(reading, rest)
    if len(targets) > 1 or targets[0].depends:
        reading.trouble(rest.number, "An example must reach one agency, by its code.", "Write one, or `the hotline`.")
    return targets[0]


def _finish(reading: Reading, last: int) -> None:
    for rule in reading.rules:
        if not rule.targets:
            fix = "Add `send to` and an agency, or `send to the hotline`."
            reading.trouble(rule.line, f"{rule.name!r} says not where to.", fix)
    names = {queue.text for queue in reading.queues}
    for queue in (rule.queue for rule in reading.rules if names and rule.queue and rule.queue.text not in names):
        fix = meant(queue.text, names) or "Add it to the line `queues`."
        reading.trouble(queue.line, f"There is no queue {queue.text!r}.", fix)
    for example in reading.examples:
        if not example.goes_to.name:
            reading.trouble(example.line, f"{example.name!r} says not where it goes.", "Add `goes to` and an agency.")
    if not reading.has_end:
        reading.trouble(last, "The end is missing.", f"Add `otherwise` and `send to {Whose.HOTLINE}`.")
    if len(reading.rules) > MOST_RULES:
        reading.trouble(reading.rules[MOST_RULES].line, f"There are more than {MOST_RULES:,} rules.", "Use sets.")
