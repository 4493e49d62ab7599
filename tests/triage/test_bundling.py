"""Bundling: what is one case, what stands on its own, and what two workers make of the same thing at once."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy import Engine, text

from core.accounts import Account
from core.db import connect, transaction
from core.details import NOTHING, Details
from core.keys import IntakeKeys
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import About, Danger, MarkKind, Side, Sure
from intake.submission import SealedReport, Submission, seal
from tests.factories import a_drain, a_sealed_report, a_submission, a_token, an_agency, post
from triage.bundling.folding import words_of
from triage.bundling.marks import Mark, Strength, marks_of
from triage.reading.read import Hints, read

FLOODED = (
    "Everybody look at this channel, the moderators never answer anyone and children keep asking there for new "
    "friends, somebody has to remove the whole thing before the weekend or it grows again."
)
OWN_WORDS = (
    "I am writing because a man from that channel found my profile yesterday evening, he keeps calling me and "
    "wants my address, and I do not dare telling my parents about any of it."
)
HAN = "有一个成年人在游戏里让我的弟弟保密，还要他发照片过去，又说周末要在体育馆门口见面"
LINK = "https://forum.example/t/4711"
HASH = sha256(b"a gentle picture of an otter").hexdigest()


def told(
    what: str = FLOODED, link: str = "", contact: str = "", danger: Danger = Danger.UNSAID, **answers: object
) -> Submission:
    details = Details(**answers) if answers else Details()  # type: ignore[arg-type]  # a test's own answers
    return replace(a_submission(what, link=link, contact=contact, danger=danger), details=details)


class Line:
    """Posts and drains, and looks at what became of it."""

    def __init__(self, settings: Settings, owner: Engine, engine: Engine) -> None:
        self.settings, self.owner, self.engine = settings, owner, engine

    def send(self, *submissions: Submission) -> list[UUID]:
        """One after the other; the case of each."""
        return self.file([a_sealed_report(self.settings, each) for each in submissions])

    def file(self, sealed: Sequence[SealedReport]) -> list[UUID]:
        post(self.settings, sealed)
        a_drain(self.settings, self.engine)()
        with self.owner.connect() as connection:
            cases = {row.id: row.case_id for row in connection.execute(text("SELECT id, case_id FROM reports"))}
        return [cases[report.id] for report in sealed]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.owner.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def links(self) -> set[frozenset[object]]:
        return {frozenset(row) for row in self.rows("SELECT case_id, other_id FROM case_links")}


@pytest.fixture
def line(settings: Settings, owner: Engine, triage_engine: Engine) -> Line:
    return Line(settings, owner, triage_engine)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("Look.", LINK), told("See there.", "http://www.forum.example/t/4711/?utm_source=chat")),
        (told(f"It is at {LINK}."), told("Look.", LINK)),
        (told("Write to him.", "otter@mail.example"), told("His mail is Otter@mail.example, he says.")),
        (told("He called.", "+44 1632 960 123"), told("The number was +44 1632 960123.")),
        (told("A file.", HASH), told(f"Seen: {HASH.upper()}")),
        (told("Him.", account="otter_77 on Snapchat"), told("Again.", account="@Otter_77 on snapchat")),
        (told(FLOODED), told(FLOODED.replace("weekend", "weekand").upper())),
        (told(HAN), told("，".join(reversed(HAN.split("，"))))),
    ],
)
def test_the_same_thing_is_one_case(line: Line, one: Submission, other: Submission) -> None:
    first, second = (line.send(each)[0] for each in (one, other))
    assert first == second
    assert line.rows("SELECT report_count FROM cases") == [(2,)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("Look.", "https://forum.example/"), told("See.", "https://forum.example/")),
        (told("Look.", "https://www.youtube.com/feed/trending"), told("See.", "https://youtube.com/feed/trending")),
        (told("Look.", "forum.example"), told("See.", "forum.example")),
        (told("He asked me for pictures."), told("He asked me for pictures.")),
        (told("Him.", account="alex"), told("Him.", account="alex")),
        (told("Call 112", "112"), told("Call 112", "112")),
        (told(FLOODED, LINK), told(FLOODED, "https://forum.example/t/4712")),
        (told("Nothing.", contact="me@mail.example"), told("Else.", contact="me@mail.example")),
    ],
)
def test_what_is_weak_bundles_nothing_however_often_it_comes(line: Line, one: Submission, other: Submission) -> None:
    assert len(set(line.send(one, other))) == 2
    assert len(set(line.send(one, other))) == 2
    assert line.rows("SELECT max(report_count) <= 2 FROM cases") == [(True,)]


@pytest.mark.parametrize(
    "own",
    [
        told(OWN_WORDS, LINK, about=About.ME),
        told(OWN_WORDS, LINK, about=About.MY_CHILD),
        told(OWN_WORDS, LINK, danger=Danger.YES),
        told(OWN_WORDS, LINK, contact="someone@mail.example"),
        told(OWN_WORDS, LINK),
        told(FLOODED, LINK, about=About.ME),
        told(FLOODED, LINK, danger=Danger.YES),
        told(FLOODED, LINK, contact="someone@mail.example"),
    ],
)
def test_a_child_among_clones_keeps_a_case_of_their_own_and_it_is_linked(line: Line, own: Submission) -> None:
    clones = line.send(*[told(FLOODED, LINK)] * 30)
    [case] = line.send(own)
    assert set(clones) == {clones[0]} != {case}
    assert frozenset((case, clones[0])) in line.links()
    again = line.send(*[told(FLOODED, LINK)] * 10)
    assert set(again) == {clones[0]}
    assert (case, 1) in line.rows("SELECT id, report_count FROM cases")


@pytest.mark.parametrize("answers", [{"danger": Danger.YES}, {"about": About.ME}, {"contact": "a@mail.example"}])
def test_clones_that_all_claim_the_same_are_one_case_too(line: Line, answers: dict[str, object]) -> None:
    assert len(set(line.send(*[told(FLOODED, **answers)] * 25))) == 1  # type: ignore[arg-type]  # a test's own answers


def test_what_its_person_adds_joins_their_case_and_nothing_joins_by_it(line: Line) -> None:
    keys, token = IntakeKeys.read(line.settings.keys_dir), a_token()
    with Wrapping(keys.report) as wrapping:
        first, added = (
            seal(keys, wrapping, token, each)[0]
            for each in (told(OWN_WORDS, about=About.ME), told("It is here.", LINK))
        )
    [bundle] = line.send(told("Seen.", LINK))
    [case] = line.file([first])
    assert line.file([added]) == [case] != [bundle]
    assert frozenset((case, bundle)) in line.links()
    assert line.send(told("Also seen.", LINK)) == [bundle]


def test_the_case_of_a_bundle_has_the_most_urgent_priority_and_the_first_and_last_times(line: Line) -> None:
    line.send(told("Look.", LINK), told("Hm.", LINK, danger=Danger.UNSURE), told("See.", LINK))
    [(count, priority, first, last)] = line.rows(
        "SELECT report_count, priority, received_at = (SELECT min(received_at) FROM reports), "
        "last_received_at = (SELECT max(received_at) FROM reports) FROM cases"
    )
    assert (count, priority, first, last) == (3, 2, True, True)
    assert line.rows("SELECT kind, report_count FROM case_marks") == [(MarkKind.URL, 3)]


def test_two_agencies_cases_stay_apart_and_have_other_blind_indexes(line: Line) -> None:
    with transaction(line.owner) as session:
        an_agency(session, line.settings)
    here, there = line.send(replace(told(FLOODED, LINK), country=None), replace(told(FLOODED, LINK), country="IT"))
    assert here != there
    assert line.rows("SELECT count(*), count(DISTINCT blind), count(DISTINCT agency_id) FROM case_marks") == [(2, 2, 2)]
    assert line.rows("SELECT count(*), count(DISTINCT bands[1]), count(DISTINCT sketch) FROM case_texts") == [(2, 2, 2)]
    assert line.links() == set()


def test_half_a_report_bundles_with_nothing(line: Line) -> None:
    sealed = a_sealed_report(line.settings, told(FLOODED, LINK))
    post(line.settings, [sealed])
    with line.owner.begin() as connection:
        connection.execute(text("UPDATE reports SET partial = true"))
    a_drain(line.settings, line.engine)()
    assert line.rows("SELECT marks, text_id FROM reports") == [([], None)]
    line.send(told(FLOODED, LINK))
    assert line.rows("SELECT count(*) FROM cases") == [(2,)]


def test_intake_can_neither_read_nor_write_what_bundles(line: Line) -> None:
    tables = "case_marks", "case_texts", "case_links", "regroupings", "answer_copies"
    granted = "SELECT count(*) FROM information_schema.{} WHERE grantee = 'hotline_intake' AND table_name = '{}'"
    for table in tables:
        for view in ("role_table_grants", "role_column_grants"):
            assert line.rows(granted.format(view, table)) == [(0,)]


def drain_at_once(line: Line) -> None:
    """Four workers with small batches."""
    assert line.settings.triage_database_url
    engines = [connect(line.settings.triage_database_url, by_index_only=True) for _ in range(4)]
    workers = [threading.Thread(target=a_drain(line.settings, engine, batch=7)) for engine in engines]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    for engine in engines:
        engine.dispose()


def test_many_workers_filing_the_same_things_at_once_make_one_case_of_each(line: Line) -> None:
    """Each with its batches in another order: none waits for ever, and none opens a second case."""
    named = [told(f"Number {n}.", f"https://forum.example/t/{n}") for n in range(6)]
    worded = [told(said) for said in (FLOODED, OWN_WORDS, FLOODED[::-1])]
    for _ in range(4):
        post(line.settings, [a_sealed_report(line.settings, each) for each in (named + worded) * 5])
        drain_at_once(line)
    assert line.rows("SELECT count(*), max(attempts) FROM reports WHERE state = 'filed'") == [(180, 1)]
    assert line.rows("SELECT count(*), min(report_count), max(report_count) FROM cases") == [(9, 20, 20)]
    assert line.rows("SELECT count(*), sum(report_count) FROM case_marks") == [(6, 120)]


def test_workers_that_add_to_cases_by_receipt_and_by_name_never_wait_in_a_circle(line: Line) -> None:
    """What is added names the thing another case is known by, while others file reports of that thing."""
    keys, tokens = IntakeKeys.read(line.settings.keys_dir), [a_token() for _ in range(6)]
    submissions = [told(f"Number {n}.", f"https://forum.example/t/{n}") for n in range(6)]
    with Wrapping(keys.report) as wrapping:
        first = [seal(keys, wrapping, *each)[0] for each in zip(tokens, submissions, strict=True)]
        added = [
            seal(keys, wrapping, token, replace(each, what=f"{each.what} More."))[0]
            for token in tokens
            for each in submissions
        ]
    cases = line.file(first)
    fresh = [a_sealed_report(line.settings, each) for each in submissions * 6]
    post(line.settings, [each for both in zip(added, fresh, strict=True) for each in both])
    drain_at_once(line)
    assert line.rows("SELECT count(*), max(attempts) FROM reports WHERE state = 'filed'") == [(78, 1)]
    assert line.rows("SELECT report_count FROM cases") == [(13,)] * len(cases)


def test_ten_thousand_clones_are_one_line_and_each_costs_the_same(line: Line) -> None:
    """Here two hundred: what is looked at does not grow. `hotline bench clones` takes ten thousand."""
    line.send(*[told(FLOODED, LINK)] * 200)
    assert line.rows("SELECT report_count FROM cases") == [(200,)]
    assert line.rows("SELECT count(*) FROM case_texts") == line.rows("SELECT count(*) FROM case_marks") == [(1,)]


@pytest.mark.parametrize(
    ("kind", "canonical", "strength"),
    [
        (MarkKind.URL, "https://forum.example/", Strength.WEAK),
        (MarkKind.URL, "https://forum.example/en", Strength.WEAK),
        (MarkKind.URL, "https://forum.example/?id=7", Strength.STRONG),
        (MarkKind.URL, "https://youtube.com/?id=7", Strength.WEAK),
        (MarkKind.URL, "https://youtube.com/watch?v=7", Strength.STRONG),
        (MarkKind.URL, "https://web.whatsapp.com/", Strength.WEAK),
        (MarkKind.URL, "https://m.facebook.com/messages/t/1", Strength.WEAK),
        (MarkKind.EMAIL, "support@forum.example", Strength.WEAK),
        (MarkKind.EMAIL, "otter@forum.example", Strength.STRONG),
        (MarkKind.ACCOUNT, ":otter", Strength.WEAK),
        (MarkKind.ACCOUNT, "examplegram:ot", Strength.WEAK),
        (MarkKind.ACCOUNT, "examplegram:otter_77", Strength.STRONG),
        (MarkKind.ACCOUNT, "examplegram:4711", Strength.STRONG),
        (MarkKind.ACCOUNT, "examplegram:00000", Strength.WEAK),
        (MarkKind.ACCOUNT, "examplegram:12345", Strength.WEAK),
        (MarkKind.ACCOUNT, "examplegram:deleted_user", Strength.WEAK),
        (MarkKind.ACCOUNT, "examplegram:host.example", Strength.WEAK),
        (MarkKind.ACCOUNT, "messaging_app:otter_77", Strength.WEAK),
        (MarkKind.EMAIL, "unknown@mail.example", Strength.WEAK),
        (MarkKind.PHONE, "+441111111111", Strength.WEAK),
        (MarkKind.PHONE, "+441632960123", Strength.STRONG),
        (MarkKind.HASH, "0123456789abcdef" * 4, Strength.WEAK),
        (MarkKind.HASH, "ab" * 32, Strength.WEAK),
        (MarkKind.HASH, sha256(b"otter").hexdigest(), Strength.STRONG),
        (MarkKind.PHONE, "116111", Strength.WEAK),
        (MarkKind.HASH, "d41d8cd98f00b204e9800998ecf8427e", Strength.WEAK),
    ],
)
def test_what_is_too_common_tells_nothing_apart(kind: MarkKind, canonical: str, strength: Strength) -> None:
    assert Mark(kind, canonical).strength is strength


def test_how_a_reporter_is_reached_is_no_mark() -> None:
    told_by = Details(
        accounts=(Account(side=Side.REPORTER, emails=("otter@mail.example",)),), safe="otter@mail.example"
    )
    found = read({"what": "Words"}, told_by, Hints()).identifiers
    assert [one.canonical for one in found] == ["otter@mail.example"]
    assert marks_of(found, told_by) == []


FORM_LETTER = (
    "On {day} an adult in the game {game} started writing to my {who} after school, wanted pictures and promised "
    "{gift} in return. Nobody in the family was to know about it, he repeated that every {hour}. His name was {name}, "
    "he said that he lives near the {place}, and his questions became stranger with every message that he wrote."
)


def test_a_form_letter_about_somebody_else_is_another_case(line: Line) -> None:
    """Most of its words are the same; what it is about stands in the same places."""
    first = FORM_LETTER.format(
        day="Monday", game="Finlu", who="son", gift="coins", name="Ritoba", place="library", hour="evening"
    )
    other = FORM_LETTER.format(
        day="Sunday", game="Zorka", who="niece", gift="tickets", name="Shamive", place="market", hour="morning"
    )
    for about in (None, About.MY_CHILD):
        one, another, again = line.send(
            *(told(text, about=about) for text in (first, other, f"{first} Please answer."))
        )
        assert one == again != another


def test_what_is_only_guessed_is_no_mark() -> None:
    [named] = read({"what": "It is at otter@mail.example"}, NOTHING, Hints()).identifiers
    assert marks_of([named], NOTHING) == [Mark(MarkKind.EMAIL, "otter@mail.example")]
    assert marks_of([structs.replace(named, sure=Sure.GUESS)], NOTHING) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Ünïcode — DON'T!", ["unicode", "dont"]),
        ("شخصٌ لا أعرفه", ["شخص", "لا", "اعرفه"]),
        ("उसने कहा।", ["उसने", "कहा"]),
        ("你好https://a.example/b吗", ["你", "好", "吗"]),
        ("Ｗｉｄｅ ﬁne", ["wide", "fine"]),
    ],
)
def test_words_are_compared_by_what_was_said(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words
