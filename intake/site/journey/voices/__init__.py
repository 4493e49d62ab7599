"""The questions in two voices: to a child, and to a grown-up who asks for one."""

from core.vocabulary import About
from core.web.locale import Language
from intake.site.journey.questions import Questions
from intake.site.journey.voices import adult, child

ADULTS = frozenset(About) - {About.ME}


def questions(language: Language) -> tuple[Questions, Questions]:
    """To a child; to an adult. Who has not said who they are is spoken to as a child."""
    to_child = child.questions(language)
    return to_child, {**to_child, **adult.questions(language)}
