"""Coming back with a receipt: what staff wrote, and telling them more. No account, no address that says it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.errors import CannotStore, ExpiredToken, ForgedToken
from core.vocabulary import Channel, Danger
from core.web.forms import read_form
from core.web.locale import Language
from core.web.responses import compressed_html, html
from intake.desk import Desk
from intake.mailbox import Letters, MailboxDown
from intake.site.journey.answers import LIMITS
from intake.site.pages import SitePages
from intake.site.problems import UNPROCESSABLE, Problem
from intake.submission import Submission
from intake.tokens import FormToken

AGAIN = {"retry-after": "5"}


class FollowUp:
    """One page: a code in, then what lies in its mailbox."""

    def __init__(self, desk: Desk, pages: SitePages) -> None:
        self.desk = desk
        self.pages = pages

    def routes(self) -> list[BaseRoute]:
        return [Route("/{language}/follow-up", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        language = self.pages.language_of(request)
        if request.method != "POST":
            return compressed_html(request, self._page(language))
        sent = await read_form(request, ("token", "code", "what"), free_text="what")
        code, what = sent.fields.get("code", ""), sent.fields.get("what", "").strip()
        try:
            letters = await self.desk.open_mailbox(code)  # also what is no code: every wrong one takes as long
            if letters is None:
                return html(self._page(language, code, what, problem=_unknown(language)), UNPROCESSABLE)
            if what and not sent.trouble:
                return await self._add(language, code, what, sent.fields.get("token", ""), letters)
        except (MailboxDown, CannotStore):
            return html(self._page(language, code, what, problem=_not_now(language)), 503, AGAIN)
        return html(self._page(language, code, letters=letters))

    async def _add(self, language: Language, code: str, what: str, token: str, letters: Letters) -> Response:
        """Store what was added as one more report under the same receipt: it joins their case."""
        if len(what) > LIMITS["what"]:
            return html(self._page(language, code, what, letters, _too_long(language)), UNPROCESSABLE)
        try:
            form = self.desk.read_token(token)
        except (ForgedToken, ExpiredToken):
            return html(self._page(language, code, what, letters, _once_more(language)), UNPROCESSABLE)
        await self._store(form, code, what, language)
        return html(self._page(language, code, letters=letters, is_added=True))

    async def _store(self, form: FormToken, code: str, what: str, language: Language) -> None:
        submission = Submission(language.code, None, Danger.UNSAID, what, "", "", Channel.FOLLOW_UP)
        report, _ = self.desk.seal(form, submission, code)
        await self.desk.store(report)

    def _page(
        self,
        language: Language,
        code: str = "",
        what: str = "",
        letters: Letters | None = None,
        problem: Problem | None = None,
        is_added: bool = False,
    ) -> bytes:
        return self.pages.follow_up(
            language,
            token=self.desk.new_token(),
            code=code,
            what=what,
            letters=letters,
            problems=[problem] if problem else [],
            is_added=is_added,
        )


def _unknown(language: Language) -> Problem:
    message = language.gettext("We find nothing for this code. Look at it again: maybe a letter is different.")
    return Problem("code", message)


def _not_now(language: Language) -> Problem:
    return Problem(
        "send", language.gettext("We cannot look just now. Wait a few seconds, then press the button again.")
    )


def _once_more(language: Language) -> Problem:
    return Problem(
        "send", language.gettext("This page was open for a long time. Nothing was lost: press the button again.")
    )


def _too_long(language: Language) -> Problem:
    return Problem("what", language.gettext("This is too long. Make it shorter, then press the button."))
