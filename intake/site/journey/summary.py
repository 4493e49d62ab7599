"""All answers at a glance, to check before sending."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.web.locale import Language
from intake.site.journey.answers import Answers
from intake.site.journey.path import pages
from intake.site.journey.questions import Control, Countries, Line, Question, Questions, Radios, Ticks


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: the page that asks it, what it is called, and what was said, or nothing."""

    page: str
    label: str
    value: str
    dir: str = "auto"


def rows(answers: Answers, questions: Questions, language: Language) -> Sequence[Row]:
    """In the order of the pages this person is led through; an answer to another page's question comes last."""
    way = [page for page in pages(answers) if page in questions]
    rest = [page for page in questions if page not in way]
    asked = [row for page in way for row in _rows_of(page, questions[page], answers, language)]
    return [*asked, *(row for page in rest for row in _rows_of(page, questions[page], answers, language) if row.value)]


def _rows_of(page: str, question: Question, answers: Answers, language: Language) -> Iterator[Row]:
    for control in question.controls:
        value = _value(control, answers, language)
        if isinstance(control, Line):
            yield Row(page, control.label, value, control.dir)
        else:
            yield Row(page, question.heading, value)


def _value(control: Control, answers: Answers, language: Language) -> str:
    if isinstance(control, Ticks):
        return "\n".join(words for name, words in control.choices if getattr(answers, name))
    said: str = getattr(answers, control.name).strip()
    if isinstance(control, Radios):
        return dict(control.choices).get(said, "")
    if isinstance(control, Countries):
        return str(language.locale.territories.get(said, "")) if said else ""
    return said
