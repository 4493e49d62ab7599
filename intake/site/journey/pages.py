"""The journey's pages as bytes: a question, the numbers to call, the check, the receipt."""

from collections.abc import Sequence
from enum import StrEnum

from core.countries import emergency_numbers
from core.vocabulary import About
from core.web.locale import Language
from intake.site.journey import added
from intake.site.journey.answers import FIELDS
from intake.site.journey.form import Form
from intake.site.journey.path import LAST, MAYBE_DANGER, number_of
from intake.site.journey.place import Place
from intake.site.journey.questions import Questions
from intake.site.journey.summary import rows
from intake.site.journey.voices import ADULTS, questions
from intake.site.pages import SitePages
from intake.site.problems import Problem
from intake.submission import Submission

NO_ERRORS = dict.fromkeys(FIELDS, "")
OTHER_TEMPLATES = {name: name for name in ("numbers", "context", "check", "delete")}
SHOWING = (added.PAGE, LAST)  # what an app adds is seen there


class Note(StrEnum):
    """What became of the last press of a button."""

    NONE = ""
    SAVED = "saved"
    NOT_SAVED = "not_saved"
    NOT_SENT = "not_sent"
    NOT_DELETED = "not_deleted"

    @property
    def is_trouble(self) -> bool:
        return self in (Note.NOT_SAVED, Note.NOT_SENT, Note.NOT_DELETED)


class JourneyPages:
    """Every page of the journey, in every language and in two voices. `key` signs what travels."""

    def __init__(self, site: SitePages, key: bytes, read_hours: int) -> None:
        self._site = site
        self._key = key
        self._read_hours = read_hours
        self._questions = {code: questions(language) for code, language in site.pages.languages.items()}

    def first(self, language: Language, form: Form, place: Place) -> bytes:
        """The page that a link leads to: nothing was typed yet."""
        return self._render(language, form, place, returning=bool(form.context))

    def show(
        self,
        language: Language,
        form: Form,
        place: Place,
        problems: Sequence[Problem] = (),
        note: Note = Note.NONE,
        wait: int = 0,
        challenge: str = "",
    ) -> bytes:
        """The page the form is at, with what was typed, and what to put right above it and beside each field.

        The check may carry a challenge of the proof of work, or say for how many seconds to wait.
        """
        return self._render(language, form, place, problems, note, wait=wait, challenge=challenge)

    def deleted(self, language: Language, place: Place) -> bytes:
        return self._site.pages.render(language, "journey/deleted.html", place=place)

    def receipt(self, language: Language, receipt: str, submission: Submission, place: Place) -> bytes:
        country = submission.country or ""
        return self._site.pages.render(
            language,
            "journey/receipt.html",
            place=place,
            receipt=receipt,
            to_adult=submission.details.about in ADULTS,
            maybe_danger=submission.danger in MAYBE_DANGER,
            numbers=emergency_numbers(country),
            helpers=self._site.helpers(country, apart=place.is_framed),
            hours=self._read_hours,
        )

    def _render(
        self,
        language: Language,
        form: Form,
        place: Place,
        problems: Sequence[Problem] = (),
        note: Note = Note.NONE,
        returning: bool = True,
        wait: int = 0,
        challenge: str = "",
    ) -> bytes:
        asked, country = self._asked(language, form), form.answers.country.strip()
        return self._site.pages.render(
            language,
            f"journey/{OTHER_TEMPLATES.get(form.page, 'question')}.html",
            form=form,
            place=place,
            signature=form.sign(self._key),
            number=number_of(form.goal, form.answers),
            question=asked.get(form.page),
            rows=rows(form.answers, asked, language) if form.page == "check" else (),
            items=added.items(form.added.context, language) if form.added and form.page in SHOWING else (),
            to_child=form.answers.about == About.ME,
            countries=self._site.countries.choosing(country, language),
            numbers=emergency_numbers(country),
            helpers=self._site.helpers(country, apart=place.is_framed),
            problems=problems,
            errors=NO_ERRORS | {problem.field: problem.message for problem in problems},
            note=note,
            returning=returning,
            wait=wait,
            challenge=challenge,
        )

    def _asked(self, language: Language, form: Form) -> Questions:
        to_child, to_adult = self._questions[language.code]
        return to_adult if form.answers.about in ADULTS else to_child
