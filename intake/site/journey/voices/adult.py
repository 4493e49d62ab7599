"""Where a grown-up is asked in other words than a child."""

from core.vocabulary import Age, Kind
from core.web.locale import Language
from intake.site.journey.questions import Lines, Question, Questions, Radios, Ticks


def questions(language: Language) -> Questions:
    """The pages that differ, by name."""
    return {
        "age": _age(language),
        "kind": _kind(language),
        "what": Question(
            language.gettext("What happened, or what did you see?"),
            language.gettext(
                "Who, where and when help us most. Do not describe pictures in detail: a place is enough."
            ),
            [Lines("what")],
        ),
        "risk": _risk(language),
        "suspect": Question(
            language.gettext("What do you know about the person who does this?"),
            language.gettext("Names, ages, places, other accounts. Please do not look for more yourself."),
            [Lines("suspect", rows=5)],
        ),
    }


def _age(language: Language) -> Question:
    choices = [
        (Age.UNDER_13, language.gettext("Under 13")),
        (Age.FROM_13_TO_15, language.gettext("13 to 15")),
        (Age.FROM_16_TO_17, language.gettext("16 or 17")),
        (Age.ADULT, language.gettext("18 or older")),
    ]
    hint = language.gettext("If you do not know, leave it open or guess.")
    return Question(language.gettext("How old is the child?"), hint, [Radios("age", choices)])


def _kind(language: Language) -> Question:
    choices = [
        (Kind.CONTACT, language.gettext("Somebody writes to a child or asks for things")),
        (Kind.PICTURES, language.gettext("Pictures or videos of a child")),
        (Kind.PAGE, language.gettext("A page, a group or a post")),
        (Kind.NEARBY, language.gettext("It does not only happen online")),
        (Kind.UNSURE, language.gettext("I am not sure")),
    ]
    return Question(
        language.gettext("What is it?"), language.gettext("Pick what fits best."), [Radios("kind", choices)]
    )


def _risk(language: Language) -> Question:
    choices = [
        ("meet", language.gettext("The person wants to meet the child, or they have met")),
        ("threat", language.gettext("The person threatens the child or wants money")),
        ("shared", language.gettext("Pictures or videos of the child were shown to others")),
        ("known", language.gettext("The child knows the person in real life")),
    ]
    hint = language.gettext("Tick all that fit.")
    return Question(language.gettext("Is any of this true?"), hint, [Ticks(choices)])
