"""Why a form is asked for again although nothing in it is wrong, in words a child can use."""

from core.errors import ExpiredToken, ForgedToken
from core.web.forms import Trouble
from core.web.locale import Language
from intake.site.problems import UNPROCESSABLE, Problem

BUTTON = "send"


def of_token(error: ForgedToken | ExpiredToken, language: Language) -> Problem:
    """A token that is not ours or too old; the page that says so has a new one."""
    if isinstance(error, ExpiredToken):
        message = language.gettext("This page was open for a long time. Nothing was lost: press the button again.")
        return Problem(BUTTON, message, UNPROCESSABLE)
    message = language.gettext("Something was missing when this was sent. Nothing was lost: press the button again.")
    return Problem(BUTTON, message, 400)


def of_body(trouble: Trouble, language: Language) -> Problem:
    """A body that is not our form, or not only that."""
    sentences = {
        Trouble.WRONG_TYPE: language.gettext(
            "We could not read all of this. What we found is on this page: look at it, then press the button."
        ),
        Trouble.TOO_MANY_FIELDS: language.gettext(
            "More was sent than this page asks for. What you wrote is still here: look at it, then press the button."
        ),
        Trouble.TOO_LARGE: language.gettext(
            "This is too much to send at once. The first part is still here: make it shorter, then press the button."
        ),
    }
    return Problem(BUTTON, sentences[trouble], trouble)
