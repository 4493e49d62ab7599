"""Reading rules: what is wrong is told with its line and with what would put it right."""

import pytest

from tests.triage.routing.invented import BOOK, END, read
from triage.routing.checking import check
from triage.routing.documents import DEFAULT
from triage.routing.facts import Facts
from triage.routing.fields import Field
from triage.routing.lines import Item, read_lines
from triage.routing.parsing import LONGEST, parse

A_RULE = "rule A\n  send to it-hotline\n"


def problems(text: str) -> list[str]:
    return [str(problem) for problem in check(text, BOOK)[1]]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rule A\n  when country is UK\n  send to the hotline\n" + END, "line 2: 'UK' is no country. Did you mean GB?"),
        (
            "rule A\n  when country is Germny\n  send to the hotline\n" + END,
            "line 2: 'Germny' is no country. Did you mean DE (Germany)?",
        ),
        (
            "rule A\n  when country is DE,\n    # a neighbour\n    IT, XX\n  send to it-police\n" + END,
            "line 4: 'XX' is no country.",
        ),
        (
            "set near: DE, QQ\n\nrule A\n  when country is near\n  send to it-police\n" + END,
            "line 4: 'QQ' is no country.",
        ),
        (
            "rule A\n  when kind is picture\n  send to it-police\n" + END,
            "line 2: 'picture' is no kind. Did you mean pictures?",
        ),
        (
            "rule A\n  when age is 12\n  send to it-police\n" + END,
            "line 2: '12' is no age. There is 13_15, 16_17, adult, under_13.",
        ),
        (
            "rule A\n  when language is italiano\n  send to it-police\n" + END,
            "line 2: 'italiano' is no language. Did you mean IT (Italian)?".replace("IT (", "it ("),
        ),
        (
            "rule A\n  when contry is IT\n  send to it-police\n" + END,
            "line 2: Reports have no 'contry'. Did you mean country?",
        ),
        (
            "rule A\n  when country IT\n  send to it-police\n" + END,
            "line 2: This is no condition. Write `when FIELD is VALUE` or `when FIELD is not VALUE`.",
        ),
        (
            "rule A\n  when country is IT,, DE\n  send to it-police\n" + END,
            "line 2: A value is missing here. Write one, or take the comma away.",
        ),
        (
            "rule A\n  when country is IT\n  and country is DE\n  send to it-police\n" + END,
            "line 3: This rule has a line for 'country' already. Put all values in one line, with commas.",
        ),
        (
            "rule A\n  sned to it-police\n  send to it-police\n" + END,
            "line 2: This line begins with 'sned to', which says nothing here. Did you mean send to?",
        ),
        (
            "rule A\n  send to it-polize\n" + END,
            "line 2: The directory has no agency 'it-polize'. Did you mean it-police?",
        ),
        (
            "rule A\n  send to fr-hotline\n" + END,
            "line 2: fr-hotline has no queue here, so it cannot receive. "
            "Connect it with `hotline agency connect fr-hotline`, or name it in `refer to`.",
        ),
        (
            "rule A\n  send to it-police, it-police\n" + END,
            "line 2: it-police stands in this line twice. Remove one of them.",
        ),
        (
            "rule A\n  send to it-police\n  send to it-hotline\n" + END,
            "line 3: This rule says 'send to' twice. Put all of it in one line, with commas.",
        ),
        ("rule A\n  send to\n" + END, "line 2: An agency is missing here. Write its code, or `the hotline`."),
        (
            "rule A\n  when danger is yes\n" + END,
            "line 1: 'A' says not where to. Add `send to` and an agency, or `send to the hotline`.",
        ),
        (
            A_RULE.replace("rule A", "rule") + END,
            "line 1: A name of 1 to 120 characters is missing. Say in a few words what it is for.",
        ),
        (
            "rule A\n  when danger is yes\n  send to it-police\n" + A_RULE + END,
            "line 4: The name 'A' is taken by line 1. Choose another.",
        ),
        (
            "rule A\n  priority at least 9\n  send to it-police\n" + END,
            "line 2: '9' is no priority. Write 1 (at once) to 5 (lowest).",
        ),
        (
            "rule A\n  queue two words\n  send to it-police\n" + END,
            "line 2: 'two words' is no name of a queue. Use letters, digits and hyphens.",
        ),
        (
            "rule A\n  notify on-call, a b\n  send to it-police\n" + END,
            "line 2: 'a b' is no team's name. Use letters, digits and hyphens.",
        ),
        (
            f"rule A\n  notify {', '.join('n' * 39 + str(n) for n in range(6))}\n  send to it-police\n" + END,
            "line 2: These names are longer than 200 characters. Give them one name together, such as `on-call`.",
        ),
        (
            "queues children,\n  two words\n" + END,
            "line 2: 'two words' is no name of a queue. Use letters, digits and hyphens.",
        ),
        (
            "queues children, pages\nrule A\n  send to it-police\n  queue chidren\n" + END,
            "line 4: There is no queue 'chidren'. Did you mean children?",
        ),
        (A_RULE, "line 3: The end is missing. Add `otherwise` and `send to the hotline`."),
        (END + A_RULE, "line 3: No rule can come after `otherwise`. Move it up."),
        (END + END, "line 3: There is an `otherwise` already. Remove one of them."),
        (
            "otherwise\n  when danger is yes\n  send to the hotline\n",
            "line 2: `otherwise` has no conditions. Make a rule of its own before it.",
        ),
        ("set EU: DE\n" + END, "line 1: There is a set 'EU' already. Choose another name."),
        ("set near DE\n" + END, "line 1: This is no set. Write `set NAME: VALUE, VALUE`."),
        (
            "refused by it-police it-hotline\n" + END,
            "line 1: This says not where to. Write `refused by ONE-AGENCY: ANOTHER-AGENCY`.",
        ),
        (
            "refused by it-police: it-hotline\nrefused by it-police: hotline\n" + END,
            "line 2: What it-police refuses is said already. Put both in one line, with a comma.",
        ),
        (
            "refused by hotline: it-hotline\n" + END,
            "line 1: The hotline cannot refuse: it is where all ends. Remove this line.",
        ),
        (
            END + "example X\n  country is IT, DE\n  goes to it-hotline\n",
            "line 4: A report has one country only. Write one example for each.",
        ),
        (END + "example X\n  country is IT\n", "line 3: 'X' says not where it goes. Add `goes to` and an agency."),
        (
            END + "example X\n  goes to the agency of the country\n",
            "line 4: An example must reach one agency, by its code. Write one, or `the hotline`.",
        ),
        (
            END + "example X\n  goes to fr-hotline\n",
            "line 4: fr-hotline has no queue here, so it cannot receive. "
            "Connect it with `hotline agency connect fr-hotline`, or name it in `refer to`.",
        ),
        ("hello\n" + END, "line 1: This line begins with 'hello', which says nothing here. "
         "There is example, otherwise, queues, refused by, rule, set."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_a_way_out(text: str, problem: str) -> None:
    assert problem in problems(text)
    assert len(problems(text)) == 1 or "rule" in text


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = "rule A\n  when country is QX\n  when age is old\n  send to\nrefused by it-police\n"
    lines = [int(problem.removeprefix("line ").partition(":")[0]) for problem in problems(text)]
    assert lines == [2, 3, 4, 5, 6]


def test_what_is_refused_may_not_go_in_a_circle() -> None:
    chain = "refused by it-police: it-hotline\nrefused by it-hotline: hotline, de-police\n"
    assert problems(chain + END) == []
    assert problems(chain + "refused by de-police: it-police\n" + END) == [
        "line 3: What is refused goes in a circle: it-police (line 1), then it-hotline (line 2), "
        "then de-police (line 3), then it-police again. Send what de-police refuses to the hotline."
    ]
    assert problems("refused by it-police: it-police\n" + END) == [
        "line 1: What is refused goes in a circle: it-police (line 1), then it-police again."
        " Send what it-police refuses to the hotline."
    ]


def test_the_default_rules_are_right_and_are_three() -> None:
    text = DEFAULT.read_text()
    assert problems(text) == []
    assert [rule.name for rule in read(text).rules][-1] == "otherwise"
    assert len(read(text).rules) == 3


def test_queues_that_are_named_nowhere_may_have_any_name_and_those_that_are_may_be_used() -> None:
    rule = "rule A\n  send to it-police\n  queue Pages\n"
    for named in ("", "queues children,\n  PAGES\n", "queues children\nqueues pages\n"):
        assert problems(named + rule + END) == []


def test_rules_are_read_as_they_are_meant() -> None:
    rules = read(
        "set Near : DE,\n  fr # both\n"
        'RULE "A name"\n'
        "  WHEN country is near, EU, unknown\n  and age is not 13-15, under 13\n  and language is zh-Hans\n"
        "  send to it-police, THE HOTLINE\n  refer to fr-hotline\n  queue urgent\n  priority at least 2\n"
        "  notify on-call, Mia\n" + END
    )
    rule = rules.rules[0]
    assert (rule.name, rule.line, rule.floor) == ("A name", 3, 2)
    assert (rule.queue, rule.notify) == (Item("urgent", 9), (Item("on-call", 11), Item("mia", 11)))
    country, age, language = rule.conditions
    assert {"DE", "FR", "SE", "unknown"} < country.values and len(country.values) == 28
    assert (age.is_not, set(age.values)) == (True, {"13_15", "under_13"})
    assert (language.field, set(language.values), language.line) == (Field.LANGUAGE, {"zh-hans"}, 6)
    assert [target.name for target in rule.targets] == ["it-police", "the hotline"]


def test_an_example_has_the_facts_it_says() -> None:
    [example] = read(
        END
        + "example Two\n  country is it\n  hosting country is FR, US\n  risk is meet, threat\n  language is zh-Hans\n"
        "  age is unknown\n  goes to it-police\n"
    ).examples
    said = Facts(country="IT", hosting=("FR", "US"), risks=("meet", "threat"), language="zh-hans")
    assert (example.facts, example.goes_to.name, example.line) == (said, "it-police", 3)


def test_a_comment_says_nothing_and_a_list_goes_on_after_its_comma() -> None:
    lines = list(read_lines("a, # one\n\n  b,\n# two\n c\nd#e\n"))
    assert [(line.number, line.text) for line in lines] == [(1, "a, b, c"), (6, "d#e")]
    assert [(item.text, item.line) for item in lines[0].items()] == [("a", 1), ("b", 3), ("c", 5)]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    assert [line.number for line in read_lines("# one\u2028two\x0b\r\nrule A\r\n\x85\nrule B")] == [2, 4]
    assert [problem.line for problem in parse("# one\n# t\0wo\n")[1]] == [2]


def test_a_document_without_end_is_not_read_to_its_end() -> None:
    assert [problem.line for problem in parse("x" * (LONGEST + 1))[1]] == [1]


UNREACHABLE = [
    ("rule A\n  send to it-police\n", "rule B\n  when danger is yes\n  send to de-police\n", True),
    (
        "rule A\n  when country is EU\n  send to it-police\n",
        "rule B\n  when country is IT\n  send to de-police\n",
        True,
    ),
    (
        "rule A\n  when country is IT\n  send to it-police\n",
        "rule B\n  when country is EU\n  send to de-police\n",
        False,
    ),
    (
        "rule A\n  when country is not IT\n  send to it-police\n",
        "rule B\n  when country is DE\n  send to de-police\n",
        True,
    ),
    (
        "rule A\n  when country is not IT\n  send to it-police\n",
        "rule B\n  when country is not DE\n  send to de-police\n",
        False,
    ),
    ("rule A\n  when risk is meet\n  send to it-police\n", "rule B\n  when risk is meet\n  send to de-police\n", True),
    (
        "rule A\n  when risk is not meet\n  send to it-police\n",
        "rule B\n  when risk is threat\n  send to de-police\n",
        False,
    ),
    (
        "rule A\n  when danger is yes, unsure\n  send to it-police\n"
        "rule C\n  when danger is no, unsaid\n  send to it-police\n",
        "rule B\n  when kind is contact\n  send to de-police\n",
        True,
    ),
    (
        "rule A\n  when country is IT\n  send to it-police\nrule C\n  when country is DE\n  send to it-police\n",
        "rule B\n  when country is IT, DE\n  and age is adult\n  send to de-police\n",
        True,
    ),
    ("rule A\n  send to the agency of the country\n", "rule B\n  send to de-police\n", False),
    (
        "rule A\n  send to the agency of the country\n",
        "rule B\n  when age is adult\n  send to the agency of the country\n",
        True,
    ),
]


@pytest.mark.parametrize(("before", "rule", "dead"), UNREACHABLE)
def test_a_rule_that_nothing_reaches_is_named_with_what_stands_in_its_way(before: str, rule: str, dead: bool) -> None:
    found = problems(before + rule + END)
    line = before.count("\n") + 1
    assert bool(found) is dead
    if dead:
        assert found[0].startswith(f"line {line}: The rule 'B' is never reached: 'A' (line 1)")
