"""The report form without any web: what was typed in, a submission or problems out."""

from dataclasses import replace

import pytest

from core.vocabulary import Danger
from core.web.locale import Languages, read_languages
from intake.site.form import LIMITS, Answers, find_problems, to_submission

LANGUAGES: Languages = read_languages()
ENGLISH = LANGUAGES["en"]


def told(**fields: str) -> Answers:
    return replace(Answers(what="Someone asked me for my address."), **fields)


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        (told(), []),
        (Answers(link="example.com/page"), []),
        (Answers(), ["what"]),
        (Answers(what=" \n\t ", link="  "), ["what"]),
        (told(country="IT", danger="unsure", contact="0"), []),
        (told(country="XK"), []),
        (told(country="ZZ"), ["country"]),
        (told(country="it"), ["country"]),
        (told(danger="perhaps"), ["danger"]),
        (told(danger="unsaid"), ["danger"]),
        (told(what="x" * LIMITS["what"]), []),
        (told(what="x" * (LIMITS["what"] + 1)), ["what"]),
        (told(what=" " * LIMITS["what"] + "x"), []),
        (told(link="x" * (LIMITS["link"] + 1)), ["link"]),
        (told(contact="x" * (LIMITS["contact"] + 1)), ["contact"]),
        (Answers(country="ZZ", danger="?", contact="x" * 501), ["country", "danger", "what", "contact"]),
    ],
)
def test_problems_are_found_in_the_order_of_the_page(answers: Answers, fields: list[str]) -> None:
    assert [problem.field for problem in find_problems(answers, ENGLISH)] == fields


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
    [problem] = find_problems(told(contact="x" * (LIMITS["contact"] + over)), LANGUAGES[language])
    assert problem.message.endswith(words)


def test_a_submission_holds_what_was_told_and_nothing_around_it() -> None:
    answers = Answers(
        "IT", "yes", "\n What happened \n", "example.com/a\nexample.com/b ", " someone@example.org ", "token"
    )
    submission = to_submission(answers, LANGUAGES["it"])
    assert (submission.language, submission.country, submission.danger) == ("it", "IT", Danger.YES)
    assert submission.what == "What happened"
    assert submission.link == "example.com/a example.com/b"
    assert submission.contact == "someone@example.org"


def test_what_was_not_said_stays_unsaid() -> None:
    submission = to_submission(told(), ENGLISH)
    assert submission.country is None
    assert submission.danger is Danger.UNSAID


def test_answers_are_only_the_known_fields() -> None:
    assert Answers.from_fields({"what": "a", "reread": "it", "else": "b"}) == Answers(what="a")
