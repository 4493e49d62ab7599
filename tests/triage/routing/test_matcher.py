"""The compiled rules decide what somebody would who reads them from top to bottom."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.routing.invented import BOOK, END, RECEIVING, a_matcher, an_entry
from triage.routing.book import Book, NoHomeAgency
from triage.routing.decision import Ground, Other
from triage.routing.document import OTHERWISE, Condition, Document, Problem, Rule, Target, Whose
from triage.routing.facts import Facts
from triage.routing.fields import Field
from triage.routing.matcher import Matcher
from triage.routing.reach import find_unreachable

COUNTRIES = ("IT", "DE", "FR", "US")
VALUES = {
    Field.COUNTRY: COUNTRIES,
    Field.HOSTING: COUNTRIES,
    Field.KIND: ("contact", "pictures", "page"),
    Field.ABOUT: ("me", "seen"),
    Field.AGE: ("under_13", "13_15", "adult"),
    Field.CHANNEL: ("site", "follow_up"),
    Field.LANGUAGE: ("it", "zh", "zh-hans"),
    Field.DANGER: ("yes", "no", "unsure", "unsaid"),
    Field.RISK: ("meet", "threat", "shared"),
    Field.PARTNER: ("chat-one", "chat-two"),
}


def conditions_of(fields: Sequence[tuple[Field, bool]]) -> st.SearchStrategy[tuple[Condition, ...]]:
    def one(field: Field, is_not: bool) -> st.SearchStrategy[Condition]:
        values = st.frozensets(st.sampled_from([*VALUES[field], "unknown"]), min_size=1, max_size=3)
        return values.map(lambda chosen: Condition(field, chosen, is_not, 1))

    return st.tuples(*(one(field, is_not) for field, is_not in fields))


CONDITIONS = st.lists(st.tuples(st.sampled_from(sorted(VALUES)), st.booleans()), max_size=3, unique=True).flatmap(
    conditions_of
)
TARGETS = st.lists(
    st.sampled_from([*RECEIVING, "fr-hotline", *map(str, Whose)]).map(lambda name: Target(name, 1)),
    min_size=1, max_size=3, unique=True,
).map(tuple)  # fmt: skip
RULES = st.lists(st.builds(Rule, st.just("r"), st.just(0), CONDITIONS, TARGETS), max_size=8)
LAST = Rule(OTHERWISE, 99, (), (Target(Whose.HOTLINE, 99),))


def documents(rules: Sequence[Rule]) -> Document:
    numbered = (Rule(f"r{n}", n + 1, rule.conditions, rule.targets) for n, rule in enumerate(rules))
    return Document((*numbered, LAST))


def maybe(field: Field) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(VALUES[field])


FACTS = st.builds(
    Facts,
    country=maybe(Field.COUNTRY),
    hosting=st.lists(st.sampled_from(COUNTRIES), max_size=3).map(tuple),
    kind=maybe(Field.KIND),
    about=maybe(Field.ABOUT),
    age=maybe(Field.AGE),
    channel=st.sampled_from(VALUES[Field.CHANNEL]),
    language=st.sampled_from(["it", "zh", "zh-Hans", "en"]),
    danger=st.sampled_from(VALUES[Field.DANGER]),
    risks=st.lists(st.sampled_from(VALUES[Field.RISK]), max_size=3, unique=True).map(tuple),
    partner=maybe(Field.PARTNER),
)


def values_by_hand(facts: Facts, field: Field) -> set[str]:
    """What a reader takes a fact for, written without the product's own tables."""
    if field is Field.LANGUAGE:
        tag = (facts.language or "").lower()
        return {tag, tag.split("-")[0]}
    names = {Field.HOSTING: "hosting", Field.RISK: "risks"}
    value = getattr(facts, names.get(field, field.value))
    return (set(value) if isinstance(value, tuple) else {value} - {None}) or {"unknown"}


def holds(rule: Rule, facts: Facts) -> bool:
    return all(bool(values_by_hand(facts, each.field) & each.values) is not each.is_not for each in rule.conditions)


def receivers(target: Target, facts: Facts) -> list[str]:
    lines = {"IT": ["it-hotline", "it-police"], "DE": ["de-police"]}
    if target.name == "the agency of the country":
        return lines.get(facts.country or "", [])
    if target.name == "the agency of the hosting country":
        return [code for country in facts.hosting for code in lines.get(country, [])]
    return ["hotline"] if target.name == "the hotline" else [target.name] * (target.name in RECEIVING)


def by_hand(document: Document, facts: Facts, without: frozenset[str]) -> tuple[str, str]:
    """The agency and the rule, by reading from top to bottom."""
    for rule in document.rules:
        if holds(rule, facts):
            for code in [code for target in rule.targets for code in receivers(target, facts)]:
                if code not in without:
                    return code, rule.name
    return "hotline", OTHERWISE


WITHOUT = st.frozensets(st.sampled_from([code for code in RECEIVING if code != "hotline"]))


@settings(max_examples=400, deadline=None)
@given(RULES, FACTS, WITHOUT)
def test_the_compiled_rules_decide_what_a_reader_would(
    rules: list[Rule], facts: Facts, without: frozenset[str]
) -> None:
    document = documents(rules)
    decision = Matcher(document, BOOK).decide(facts, without)
    assert (decision.agency, decision.rule) == by_hand(document, facts, without)


@settings(max_examples=100, deadline=None)
@given(RULES, st.lists(FACTS, min_size=10, max_size=10))
def test_a_rule_that_is_called_unreachable_is_never_reached(rules: list[Rule], all_facts: list[Facts]) -> None:
    document = documents([replace(rule, targets=_receiving(rule)) for rule in rules])
    dead = {problem.line for problem in find_unreachable(document)}
    matcher = Matcher(document, BOOK)
    assert not dead & {matcher.decide(facts).line for facts in all_facts}


def _receiving(rule: Rule) -> tuple[Target, ...]:
    """Only targets that the check lets pass."""
    return tuple(target for target in rule.targets if target.name != "fr-hotline") or LAST.targets


@settings(max_examples=100, deadline=None)
@given(RULES, FACTS)
def test_refusing_again_and_again_ends_at_the_hotline(rules: list[Rule], facts: Facts) -> None:
    matcher, had = Matcher(documents(rules), BOOK), list[str]()
    while not had or had[-1] != "hotline":
        had.append(matcher.decide(facts, frozenset(had), had[-1] if had else None).agency)
        assert len(had) <= len(RECEIVING)
    assert len(set(had)) == len(had)


@settings(max_examples=100, deadline=None)
@given(RULES, FACTS)
def test_an_owner_is_no_referral_and_no_agency_is_told_twice(rules: list[Rule], facts: Facts) -> None:
    decision = Matcher(documents(rules), BOOK).decide(facts)
    told = [other.agency for other in decision.others if other.agency]
    assert decision.agency not in told
    assert len(set(told)) == len(told)


DEFAULTS = "rule A\n  send to the agency of the country\nrule B\n  send to the agency of the hosting country\n" + END


@pytest.mark.parametrize(
    ("facts", "agency", "others"),
    [
        (Facts(), "hotline", ()),
        (Facts(country="IT"), "it-hotline", ()),
        (Facts(country="US"), "hotline", (Other(None, "US", Ground.COUNTRY),)),
        (Facts(country="FR"), "hotline", (Other("fr-hotline", "FR", Ground.COUNTRY),)),
        (Facts(country="IT", hosting=("DE",)), "it-hotline", (Other("de-police", "DE", Ground.HOSTING),)),
        (Facts(hosting=("US", "DE")), "de-police", (Other(None, "US", Ground.HOSTING),)),
        (Facts(country="IT", hosting=("IT", "IT")), "it-hotline", ()),
        (
            Facts(country="FR", hosting=("DE", "FR")),
            "de-police",
            (Other("fr-hotline", "FR", Ground.COUNTRY),),
        ),
    ],
)
def test_country_then_hosting_country_then_the_hotline(facts: Facts, agency: str, others: tuple[Other, ...]) -> None:
    decision = a_matcher(DEFAULTS).decide(facts)
    assert (decision.agency, decision.others) == (agency, others)


def test_a_rule_says_queue_floor_whom_to_notify_and_whom_to_refer_to() -> None:
    text = (
        "rule A\n  send to it-police\n  refer to fr-hotline, the agency of the country\n  queue fast\n"
        "  priority at least 2\n  notify on-call\n"
    )
    made = a_matcher(text + END).decide(Facts(country="DE"))
    assert (made.agency, made.line, made.queue, made.floor, made.notify) == ("it-police", 1, "fast", 2, ("on-call",))
    assert made.others == (Other("fr-hotline", "FR", Ground.RULE), Other("de-police", "DE", Ground.RULE))


def test_of_each_other_country_the_first_that_receives_is_referred_to() -> None:
    helpline = replace(an_entry("fr-helpline", "FR", "helpline", receives=False), way="email")
    told_only = replace(an_entry("es-police", "ES", "police", receives=False), way="signpost")
    book = Book.of([*BOOK.entries.values(), helpline, told_only])
    text = (
        "rule A\n  send to it-police\n  refer to the agency of the country, the agency of the hosting country\n" + END
    )
    made = a_matcher(text, book).decide(Facts(country="FR", hosting=("IT", "ES", "DE", "US")))
    assert (made.agency, made.refers) == ("it-police", ("fr-helpline", "de-police"))
    assert {other.country for other in made.others} == {"FR", "DE", "ES", "US"}
    named = a_matcher(text.replace("the agency of the country", "es-police, fr-hotline, the hotline"), book)
    assert named.decide(Facts()).refers == ("hotline",)


def test_what_is_refused_goes_first_to_whom_the_refusing_agency_names() -> None:
    matcher = a_matcher("refused by it-hotline: de-police\nrule A\n  send to it-hotline, it-police\n" + END)
    assert matcher.decide(Facts()).agency == "it-hotline"
    second = matcher.decide(Facts(), frozenset({"it-hotline"}), "it-hotline")
    assert (second.agency, second.rule, second.line) == ("de-police", "refused by it-hotline", 1)
    third = matcher.decide(Facts(), frozenset({"it-hotline", "de-police"}), "de-police")
    assert (third.agency, third.rule) == ("it-police", "A")


def test_rules_that_name_an_agency_which_left_pass_it_over_and_say_so() -> None:
    text = "rule A\n  when country is IT\n  send to it-police\nrule B\n  send to de-police\n" + END
    small = Book.of([an_entry("hotline"), an_entry("de-police", "DE")])
    matcher = a_matcher(text, small)
    italy, germany = Facts(country="IT"), Facts(country="DE")
    assert matcher.decide(italy).agency == matcher.decide(germany).agency == "de-police"
    assert matcher.misses(italy, matcher.decide(italy))
    assert not matcher.misses(germany, matcher.decide(germany))


def test_without_a_hotline_there_is_no_book() -> None:
    with pytest.raises(NoHomeAgency):
        Book.of([an_entry("it-police", "IT")])


def test_a_problem_says_its_line_first() -> None:
    assert str(Problem(7, "It is wrong.", "Put it right.")) == "line 7: It is wrong. Put it right."
