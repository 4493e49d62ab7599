"""The way of a form: from the first question to the receipt, each press of a button a page.

The pages are answers to POST at one address. What a button is called says what it does; without one it goes on.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.countries import CODES
from core.errors import CannotStore, ExpiredToken, ForgedToken
from core.web.forms import read_form
from core.web.locale import Language
from core.web.responses import compressed_html, html
from intake.desk import Desk
from intake.site import refusals
from intake.site.journey.answers import Answers, find_problems, nothing_told, to_submission
from intake.site.journey.form import GO, NAMES, Form
from intake.site.journey.pages import JourneyPages, Note
from intake.site.journey.path import ASKS, LAST, PAGE_OF, page_after, page_before
from intake.site.pages import SitePages
from intake.site.problems import Problem
from intake.tokens import FormToken

AGAIN = {"retry-after": "5"}
CHANGE = "change-"

Turn = Callable[["Journey", Language, Form, FormToken], Awaitable[Response]]


class Journey:
    """From a request to the next page; the desk saves what is on the way and receives what is sent."""

    def __init__(self, desk: Desk, site: SitePages) -> None:
        self.desk = desk
        self.site = site
        self.pages = JourneyPages(site, desk.keys.form, desk.settings.read_hours)

    def routes(self) -> list[BaseRoute]:
        return [Route("/{language}/report", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """The first question, or what a button of a page leads to."""
        language = self.site.language_of(request)
        if request.method == "POST":
            return await self._receive(request, language)
        country = request.query_params.get("country", "")
        form = Form(Answers(country=country if country in CODES else ""), self.desk.new_token())
        return compressed_html(request, self.pages.first(language, form))

    async def _receive(self, request: Request, language: Language) -> Response:
        sent = await read_form(request, NAMES, free_text="what")
        form, go = Form.from_fields(sent.fields), sent.fields.get(GO, "")
        if sent.trouble:
            return self._ask_again(language, form, [refusals.of_body(sent.trouble, language)])
        try:
            token = self.desk.read_token(form.token)
            if not form.is_signed(self.desk.keys.form):
                raise ForgedToken
        except (ForgedToken, ExpiredToken) as error:
            return self._ask_again(language, form, [refusals.of_token(error, language)])
        if go.startswith(CHANGE):
            return self._change(language, form, go.removeprefix(CHANGE))
        turn = TURNS.get("send" if form.is_whole and not go else go, Journey._go_on)
        return await turn(self, language, form, token)

    async def _reread(self, language: Language, form: Form, token: FormToken) -> Response:
        """The same page in another language."""
        return html(self.pages.show(language, form))

    async def _go_back(self, language: Language, form: Form, token: FormToken) -> Response:
        page = LAST if form.changing else page_before(form.page, form.answers)
        return html(self.pages.show(language, replace(form, page=page, changing=False)))

    async def _ask_to_delete(self, language: Language, form: Form, token: FormToken) -> Response:
        return html(self.pages.show(language, replace(form, page="delete", changing=False)))

    async def _keep(self, language: Language, form: Form, token: FormToken) -> Response:
        """Not deleted after all: on with the check of everything."""
        return html(self.pages.show(language, replace(form, page=LAST)))

    async def _delete(self, language: Language, form: Form, token: FormToken) -> Response:
        try:
            await self.desk.withdraw(token)
        except CannotStore:
            return html(self.pages.show(language, replace(form, page="delete"), note=Note.NOT_DELETED), 503, AGAIN)
        return html(self.pages.deleted(language))

    async def _go_on(self, language: Language, form: Form, token: FormToken) -> Response:
        page = LAST if form.changing else page_after(form.page, form.answers)
        return await self._save_and_show(language, form, token, page)

    async def _go_to_the_end(self, language: Language, form: Form, token: FormToken) -> Response:
        return await self._save_and_show(language, form, token, LAST)

    async def _save_and_show(self, language: Language, form: Form, token: FormToken, page: str) -> Response:
        if problems := find_problems(form.answers, language):
            return self._put_right(language, form, problems)
        note = await self._save(language, form, token) if ASKS[form.page] else Note.NONE
        following = replace(form, page=page, step=form.step + 1, changing=False)
        shown = self.pages.show(language, following, note=note)
        return html(shown, 503, AGAIN) if note is Note.NOT_SAVED else html(shown)

    async def _save(self, language: Language, form: Form, token: FormToken) -> Note:
        try:
            await self.desk.save(token, to_submission(form.answers, language), form.step)
        except CannotStore:
            return Note.NOT_SAVED
        return Note.SAVED

    async def _send(self, language: Language, form: Form, token: FormToken) -> Response:
        """The receipt page is made before the commit, with all at hand, and shown after it."""
        if problems := find_problems(form.answers, language):
            return self._put_right(language, form, problems)
        if not form.answers.tells:
            return self._put_right(language, form, [nothing_told(language)])
        submission = to_submission(form.answers, language)
        report, receipt = self.desk.seal(token, submission)
        page = self.pages.receipt(language, receipt, submission)
        try:
            await self.desk.store(report)
        except CannotStore:
            return html(self.pages.show(language, replace(form, page=LAST), note=Note.NOT_SENT), 503, AGAIN)
        return html(page)

    def _change(self, language: Language, form: Form, page: str) -> Response:
        """From the check to one question, and straight back afterwards."""
        page = page if ASKS.get(page) else LAST
        return html(self.pages.show(language, replace(form, page=page, changing=page != LAST)))

    def _put_right(self, language: Language, form: Form, problems: Sequence[Problem]) -> Response:
        """The page that asks what is wrong, with everything typed; from the check one comes straight back to it."""
        page = PAGE_OF[problems[0].field]
        here = [problem for problem in problems if PAGE_OF[problem.field] == page]
        form = replace(form, page=page, changing=form.changing or form.page == LAST)
        return html(self.pages.show(language, form, here), here[0].status)

    def _ask_again(self, language: Language, form: Form, problems: Sequence[Problem]) -> Response:
        """The page again with all that was typed and a new token; the first problem gives the status."""
        again = replace(form, token=self.desk.new_token())
        return html(self.pages.show(language, again, problems), problems[0].status)


TURNS: Mapping[str, Turn] = {
    "send": Journey._send,
    "back": Journey._go_back,
    "end": Journey._go_to_the_end,
    "reread": Journey._reread,
    "delete": Journey._ask_to_delete,
    "keep": Journey._keep,
    "delete-now": Journey._delete,
}
