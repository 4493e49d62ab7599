"""The answers of a report without any web: what was typed in, a submission or problems out."""

from dataclasses import replace

import pytest

from core.details import Details
from core.errors import CannotOpen
from core.vocabulary import About, Age, Danger, Kept, Kind, Risk
from core.web.locale import Languages, read_languages
from intake.site.journey.answers import LIMITS, Answers, find_problems, to_submission

LANGUAGES: Languages = read_languages()
ENGLISH = LANGUAGES["en"]


def told(**fields: str) -> Answers:
    return replace(Answers(what="Someone asked me for my address."), **fields)


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        (told(), []),
        (Answers(), []),
        (told(country="IT", danger="unsure", phone="0"), []),
        (told(country="XK"), []),
        (told(country="ZZ"), ["country"]),
        (told(country="it"), ["country"]),
        (told(danger="perhaps"), ["danger"]),
        (told(danger="unsaid"), ["danger"]),
        (told(about="nobody"), ["about"]),
        (told(age="12"), ["age"]),
        (told(kind="?"), ["kind"]),
        (told(kept="?"), ["kept"]),
        (told(meet="anything is a tick"), []),
        *((told(**{name: "x" * limit}), []) for name, limit in LIMITS.items()),
        *((told(**{name: "x" * (limit + 1)}), [name]) for name, limit in LIMITS.items()),
        (told(what=" " * LIMITS["what"] + "x"), []),
        (Answers(country="ZZ", danger="?", email="x" * 501), ["danger", "country", "email"]),
    ],
)
def test_problems_are_found_in_the_order_of_the_pages(answers: Answers, fields: list[str]) -> None:
    assert [problem.field for problem in find_problems(answers, ENGLISH)] == fields


@pytest.mark.parametrize("field", ["what", "link", "account", "suspect"])
def test_one_thing_told_is_enough_and_blanks_tell_nothing(field: str) -> None:
    assert Answers(**{field: "something"}).tells
    assert not Answers(**{field: " \n\t "}, danger="yes", country="IT", email="someone@example.org").tells


def test_the_limit_counts_characters_not_bytes() -> None:
    assert find_problems(told(what="\N{GRINNING FACE}" * LIMITS["what"]), ENGLISH) == []


@pytest.mark.parametrize(
    ("language", "over", "words"),
    [
        ("en", 1, "it has 501 characters and 500 fit here. Take out 1 character."),
        ("en", 700, "it has 1,200 characters and 500 fit here. Take out 700 characters."),
        ("it", 1, "ha 501 caratteri e qui ce ne stanno 500. Togli 1 carattere."),
        ("it", 1500, "ha 2.000 caratteri e qui ce ne stanno 500. Togli 1.500 caratteri."),
        ("ar", 1, "يجب حذف حرف واحد (1)."),
        ("ar", 2, "يجب حذف حرفين (2)."),
        ("ar", 3, "يجب حذف 3 أحرف."),
        ("ar", 11, "يجب حذف 11 حرفًا."),
        ("ar", 100, "يجب حذف 100 حرف."),
    ],
)
def test_too_long_says_the_limit_and_the_count_in_the_right_plural(language: str, over: int, words: str) -> None:
    [problem] = find_problems(told(email="x" * (LIMITS["email"] + over)), LANGUAGES[language])
    assert problem.message.endswith(words)


def test_a_submission_holds_what_was_told_and_nothing_around_it() -> None:
    answers = Answers(
        danger="yes",
        country="IT",
        about="me",
        age="13_15",
        kind="contact",
        what="\n What happened \n",
        meet="yes",
        known="yes",
        link="example.com/a\nexample.com/b ",
        account=" a name ",
        suspect=" older ",
        kept="some",
        email=" someone@example.org ",
        phone="01632 960 001",
        safe=" after school ",
    )
    submission = to_submission(answers, LANGUAGES["it"])
    assert (submission.language, submission.country, submission.danger) == ("it", "IT", Danger.YES)
    assert submission.what == "What happened"
    assert submission.link == "example.com/a example.com/b"
    assert submission.contact == "someone@example.org\n01632 960 001"
    assert submission.details == Details(
        about=About.ME,
        age=Age.FROM_13_TO_15,
        kind=Kind.CONTACT,
        risks=(Risk.MEET, Risk.KNOWN),
        account="a name",
        suspect="older",
        kept=Kept.SOME,
        safe="after school",
    )


def test_what_was_not_said_stays_unsaid() -> None:
    submission = to_submission(told(), ENGLISH)
    assert submission.country is None
    assert submission.danger is Danger.UNSAID
    assert submission.details == Details()
    assert to_submission(Answers(danger="yes"), ENGLISH).details == Details(told=False)


def test_answers_are_only_the_known_fields() -> None:
    assert Answers.from_fields({"what": "a", "go": "send", "else": "b"}) == Answers(what="a")


def test_details_read_back_as_they_were_and_what_is_none_does_not_open() -> None:
    details = to_submission(told(about="work", threat="yes"), ENGLISH).details
    assert Details.from_text(details.to_text()) == details
    for text in ("", "no", '{"about": "nobody"}'):
        with pytest.raises(CannotOpen):
            Details.from_text(text)
